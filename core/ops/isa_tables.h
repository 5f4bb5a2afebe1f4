#pragma once

#include "core/ops/kernels.h"

// What each per-ISA object exports: one accessor and nothing else (a ctest looks with nm). Only kernels.cpp calls them.

namespace lab {

struct GenericKernels {
    const Kernels<float>* single;
    const Kernels<double>* twice;  ///< double precision
};

GenericKernels genericKernels();
#ifdef LAB_KERNELS_X86_LEVELS
const Kernels<float>* v3Kernels();
const Kernels<float>* v4Kernels();
#endif

}  // namespace lab
