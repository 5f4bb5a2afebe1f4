#define LAB_VECTOR_BYTES 16  // SSE2 and NEON, which every x86-64 and every 64-bit Arm has
#include "core/optimizers/kernels_table.inl.h"

namespace lab {

UpdateKernels genericUpdateKernels() {
    return {updateKernels<float>, updateKernels<double>};
}

}  // namespace lab
