#include "core/explain/numbers.h"

#include <cassert>

namespace lab::explain {

NumberView NumberSource::find(const std::string& name) const {
    if (m_twin) {
        const auto entry = m_twin->find(name);
        return entry == m_twin->end() ? NumberView() : NumberView(entry->second);
    }
    const Tensor* tensor = m_trace ? m_trace->find(name) : nullptr;
    return tensor ? NumberView(*tensor) : NumberView();
}

NumberView NumberSource::at(const std::string& name) const {
    const NumberView view = find(name);
    assert(view);
    return view;
}

}  // namespace lab::explain
