#pragma once

#include "core/layers/pass.h"
#include "core/model/trace.h"

namespace lab {

class Model;

/// Throws InputError for what Model::trace refuses; with `needsTargets` also where nothing is asked.
void checkInput(const Input& input, const Model& model, bool needsTargets);

std::size_t sizeOf(const std::vector<int>& shape);

/// Changes a pass as its input asks: tensors take other numbers, heads are off or uniform, keys are hidden. What derives from it sees, and
/// may change, what came of that.
class InputTap : public Tap<float> {
public:
    /// `input` outlives it.
    explicit InputTap(const Input& input) : m_input(input) {}

    void tensor(const std::string& name, const std::vector<int>& shape, float* values) final;
    void gradient(const std::string&, const std::vector<int>&, float*) override {}
    bool headOff(const std::string& block, int head) const override { return has(Intervention::Kind::headOff, block, head); }
    bool headUniform(const std::string& block, int head) const override { return has(Intervention::Kind::headUniform, block, head); }
    bool wantsGradients() const override { return false; }
    const std::vector<bool>& maskedKeys(bool ofTargetSide) const override;

protected:
    virtual void seen(const std::string& name, const std::vector<int>& shape, float* values) = 0;
    bool replaces(const std::string& name) const;

private:
    bool has(Intervention::Kind kind, const std::string& block, int head) const;

    const Input& m_input;
};

}  // namespace lab
