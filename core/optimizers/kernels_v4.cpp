#define LAB_VECTOR_BYTES 64  // AVX-512
#include "core/optimizers/kernels_table.inl.h"

namespace lab {

UpdateKernels v4UpdateKernels() {
    return {updateKernels<float>, nullptr};
}

}  // namespace lab
