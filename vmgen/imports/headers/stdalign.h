/* What C promises of <stdalign.h>. */
#ifndef VMGEN_STDALIGN_H
#define VMGEN_STDALIGN_H

#if !defined __cplusplus && __STDC_VERSION__ < 202311L
#define alignas _Alignas
#define alignof _Alignof
#endif

#endif
