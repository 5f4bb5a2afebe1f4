#include "core/ops/isa_tables.h"

#define LAB_VECTOR_BYTES 32  // AVX2 with FMA
#include "core/ops/kernels_table.inl.h"

namespace lab {

const Kernels<float>* v3Kernels() {
    return &table<float>;
}

}  // namespace lab
