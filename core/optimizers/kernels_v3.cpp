#define LAB_VECTOR_BYTES 32  // AVX2 with FMA
#include "core/optimizers/kernels_table.inl.h"

namespace lab {

UpdateKernels v3UpdateKernels() {
    return {updateKernels<float>, nullptr};
}

}  // namespace lab
