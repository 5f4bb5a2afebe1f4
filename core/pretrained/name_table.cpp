#include "core/pretrained/name_table.h"

#include <algorithm>

namespace lab {

void NameTable::link(const std::string& ours, const std::string& theirs, NameLink how) {
    how.ours = m_layout.find(ours);
    if (!how.ours) return;
    m_links[theirs].push_back(how);
    m_theirs[how.ours] = theirs;
}

void NameTable::both(const std::string& ours, const std::string& theirs, const NameLink& how) {
    link(ours + ".weight", theirs + ".weight", how);
    NameLink bias = how;
    bias.transposed = false;
    link(ours + ".bias", theirs + ".bias", bias);
}

void NameTable::same(const std::string& ours, const std::string& theirs) {
    both(ours, theirs, {});
}

void NameTable::transposed(const std::string& ours, const std::string& theirs) {
    both(ours, theirs, {.transposed = true});
}

void NameTable::fused(std::initializer_list<std::string> ours, const std::string& theirs, int groups, bool transposed) {
    NameLink how{.transposed = transposed, .groups = groups, .parts = static_cast<int>(ours.size())};
    for (const std::string& name : ours) {
        both(name, theirs, how);
        ++how.part;
    }
}

void NameTable::one(const std::string& ours, std::initializer_list<std::string> theirs, int dropped) {
    const auto there = std::ranges::find_if(theirs, [this](const std::string& name) { return m_tensors.has(name); });
    const std::string& chosen = there == theirs.end() ? *theirs.begin() : *there;
    link(ours, chosen, {.dropped = dropped});
    for (const std::string& name : theirs)
        if (name != chosen) copy(ours, name);
}

void NameTable::turnPart(const std::string& attention, const ModelConfig& model) {
    if (!model.position.rope.dims) return;
    for (const char* part : {".query.weight", ".query.bias", ".key.weight", ".key.bias", ".query_norm.weight", ".key_norm.weight"}) {
        const Parameter* ours = m_layout.find(attention + part);
        if (!ours) continue;
        for (NameLink& link : m_links[theirNameOf(*ours)])
            if (link.ours == ours) link.headRows = model.headDim(), link.turning = *model.position.rope.dims;
    }
}

void NameTable::copy(const std::string& ours, const std::string& theirs) {
    if (const Parameter* parameter = m_layout.find(ours)) m_copies[theirs] = parameter;
}

const std::vector<NameLink>& NameTable::linksOf(const std::string& theirs) const {
    static const std::vector<NameLink> none;
    const auto found = m_links.find(theirs);
    return found == m_links.end() ? none : found->second;
}

const Parameter* NameTable::repeatedBy(const std::string& theirs) const {
    const auto found = m_copies.find(theirs);
    return found == m_copies.end() ? nullptr : found->second;
}

const std::string& NameTable::theirNameOf(const Parameter& ours) const {
    static const std::string none;
    const auto found = m_theirs.find(&ours);
    return found == m_theirs.end() ? none : found->second;
}

}  // namespace lab
