#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/validation.h"

// For core/config's own sources.

namespace lab {

struct Experiment;
struct ModelConfig;

/// Problems as they are found.
class ProblemList {
public:
    void add(std::string path, Message message) { m_problems.push_back({std::move(path), std::move(message)}); }
    /// Whether none of these keys has a problem yet: rules that compare values build on sound ones.
    bool sound(std::initializer_list<std::string_view> paths) const;
    /// In the visitor's order.
    std::vector<ConfigProblem> sorted() &&;

private:
    std::vector<ConfigProblem> m_problems;
};

/// "head_dim 4 (d_model 8 / num_heads 2)": a formula in the words of the keys, the same in every language.
std::string headDimText(const ModelConfig& model);

/// Rules that hold between several values of a resolved experiment.
void checkTaskRules(const Experiment& experiment, ProblemList& problems);
void checkModelRules(const Experiment& experiment, ProblemList& problems);
void checkKernelRules(const Experiment& experiment, ProblemList& problems);
void checkSlotRules(const Experiment& experiment, ProblemList& problems);
void checkScoreRules(const Experiment& experiment, ProblemList& problems);
void checkPositionRules(const Experiment& experiment, ProblemList& problems);
void checkDepth(const Experiment& experiment, ProblemList& problems);
void checkExperts(const Experiment& experiment, ProblemList& problems);
void checkHashing(const Experiment& experiment, ProblemList& problems);
void checkGlobals(const Experiment& experiment, ProblemList& problems);
void checkDictionary(const Experiment& experiment, ProblemList& problems);
void checkSharedKeys(const Experiment& experiment, ProblemList& problems);
void checkReach(const Experiment& experiment, ProblemList& problems);
void checkBottleneck(const Experiment& experiment, ProblemList& problems);
void checkStream(const Experiment& experiment, ProblemList& problems);

}  // namespace lab
