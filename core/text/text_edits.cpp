#include "core/text/text_edits.h"

#include <algorithm>
#include <cassert>

namespace lab {

void TextRewriter::replace(std::size_t begin, std::size_t end, std::string_view by) {
    assert(begin < end && begin >= m_copied && end <= m_text.size());
    if (m_places == 0) m_made.reserve(m_text.size() + 16);
    m_made.append(m_text.substr(m_copied, begin - m_copied));
    m_made.append(by);
    m_copied = end;
    ++m_places;
    m_bytes += static_cast<std::int64_t>(end - begin);
    if (m_edits) m_edits->push_back({begin, end, std::string(by), m_rule});
}

std::string TextRewriter::finished() {
    m_made.append(m_text.substr(m_copied));
    m_copied = m_text.size();
    return std::move(m_made);
}

std::string edited(std::string_view text, const std::vector<TextEdit>& edits) {
    std::string result;
    std::size_t at = 0;
    for (const TextEdit& edit : edits) {
        result.append(text.substr(at, edit.begin - at));
        result.append(edit.text);
        at = edit.end;
    }
    result.append(text.substr(at));
    return result;
}

std::vector<TextEdit> composed(const std::vector<TextEdit>& first, std::string_view between, const std::vector<TextEdit>& second) {
    std::vector<TextEdit> result;
    std::size_t f = 0, s = 0;
    std::ptrdiff_t shift = 0;  // from the text to `between`, behind all edits of `first` so far
    const auto at = [](std::size_t place, std::ptrdiff_t by) { return static_cast<std::size_t>(static_cast<std::ptrdiff_t>(place) + by); };
    const auto grown = [](const TextEdit& e) {
        return static_cast<std::ptrdiff_t>(e.text.size()) - static_cast<std::ptrdiff_t>(e.end - e.begin);
    };
    while (f < first.size() || s < second.size()) {
        // A group: an edit of either round and all that reach into it, [begin, end) of `between`.
        const bool byFirst = s == second.size() || (f < first.size() && at(first[f].begin, shift) <= second[s].begin);
        const std::size_t begin = byFirst ? at(first[f].begin, shift) : second[s].begin;
        TextEdit group{at(begin, -shift), 0, {}, 0};
        std::vector<TextEdit> later;
        std::size_t end = begin;
        for (bool fromFirst = byFirst, more = true; more;) {
            if (fromFirst) {
                end = std::max(end, at(first[f].begin, shift) + first[f].text.size());
                shift += grown(first[f]);
                group.rule = later.empty() ? first[f].rule : group.rule;
                ++f;
            } else {
                end = std::max(end, second[s].end);
                later.push_back({second[s].begin - begin, second[s].end - begin, second[s].text, 0});
                group.rule = second[s].rule;
                ++s;
            }
            fromFirst = f < first.size() && at(first[f].begin, shift) < end;
            more = fromFirst || (s < second.size() && second[s].begin < end);
        }
        group.end = at(end, -shift);
        group.text = edited(between.substr(begin, end - begin), later);
        result.push_back(std::move(group));
    }
    return result;
}

}  // namespace lab
