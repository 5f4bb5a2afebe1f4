#pragma once

#include "core/analysis/expert_choice.h"
#include "core/codes/code_report.h"
#include "core/data/loaded_task.h"
#include "core/training/trainer.h"

namespace lab {

/// Writes to standard output what a validation found: of stories also bits a byte and each phenomenon beside what counting reaches, of a
/// bottleneck's codes the report on them (null: there are none), of experts what each has of the choices. `json`: as one line of JSON.
void printEvaluation(const LoadedTask& task, const Evaluation& found, bool json, const codes::CodeReport* report = nullptr,
                     const std::vector<ExpertShares>& experts = {});

/// Lines of a report on codes: exact, collisions and bits.
void printCodeFigures(const codes::CodeReport& report);

}  // namespace lab
