#include "core/model/input_tap.h"

#include <algorithm>

#include "core/base/errors.h"

namespace lab {

std::size_t sizeOf(const std::vector<int>& shape) {
    std::size_t size = 1;
    for (const int extent : shape) size *= static_cast<std::size_t>(extent);
    return size;
}

void InputTap::tensor(const std::string& name, const std::vector<int>& shape, float* values) {
    const std::size_t size = sizeOf(shape);
    for (const Intervention& intervention : m_input.interventions) {
        if (intervention.kind != Intervention::Kind::replace || intervention.name != name) continue;
        if (intervention.values.size() != size)
            throw InputError(Message(LAB_PLURAL("model", "The edited tensor %1 has %n number(s), not the %2 of this input."))
                                 .arg(name)
                                 .arg(size)
                                 .count(std::ssize(intervention.values)));
        std::ranges::copy(intervention.values, values);
    }
    seen(name, shape, values);
}

const std::vector<bool>& InputTap::maskedKeys(bool ofTargetSide) const {
    static const std::vector<bool> none;
    return ofTargetSide ? none : m_input.masked;
}

bool InputTap::replaces(const std::string& name) const {
    return std::ranges::any_of(m_input.interventions,
                               [&](const Intervention& i) { return i.kind == Intervention::Kind::replace && i.name == name; });
}

bool InputTap::has(Intervention::Kind kind, const std::string& block, int head) const {
    return std::ranges::any_of(m_input.interventions,
                               [&](const Intervention& i) { return i.kind == kind && i.name == block && i.head == head; });
}

}  // namespace lab
