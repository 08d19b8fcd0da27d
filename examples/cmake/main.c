#include <stddef.h>
#include <stdio.h>

#include "records.h"

int main(void) {
    printf("VMMemory.length is at %zu\n", offsetof(VMMemory, length));
    printf("VMLimits takes %zu bytes\n", sizeof(VMLimits));
    return 0;
}
