#pragma once

#include "core/analysis/tapped_evaluation.h"

// For core/analysis's own sources: evaluation while heads are switched off.

namespace lab {

/// Throws InputError for a head that does not exist and for another kind of intervention.
void checkHeads(const Model& model, const std::vector<Intervention>& interventions);

/// Switches heads off or makes them uniform.
class HeadSwitches : public QuietTap {
public:
    /// `interventions` outlive it.
    explicit HeadSwitches(const std::vector<Intervention>& interventions) : m_interventions(interventions) {}

    bool headOff(const std::string& block, int head) const override { return has(Intervention::Kind::headOff, block, head); }
    bool headUniform(const std::string& block, int head) const override { return has(Intervention::Kind::headUniform, block, head); }

private:
    bool has(Intervention::Kind kind, const std::string& block, int head) const;

    const std::vector<Intervention>& m_interventions;
};

}  // namespace lab
