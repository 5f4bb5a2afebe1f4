#pragma once

// The update rules in the order of their table; the first is the default. A new one is a file in rules/ and two lines here.

#include "core/optimizers/rules/adafactor.inl.h"
#include "core/optimizers/rules/adam.inl.h"
#include "core/optimizers/rules/adamw.inl.h"
#include "core/optimizers/rules/lion.inl.h"
#include "core/optimizers/rules/muon.inl.h"
#include "core/optimizers/rules/sgd.inl.h"

#define LAB_UPDATE_RULES(use) use(adam) use(adamw) use(sgd) use(lion) use(muon) use(adafactor)
