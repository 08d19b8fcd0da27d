/* What C promises of <stdnoreturn.h>. */
#ifndef VMGEN_STDNORETURN_H
#define VMGEN_STDNORETURN_H

#ifndef __cplusplus
#define noreturn _Noreturn
#endif

#endif
