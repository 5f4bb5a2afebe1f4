#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace lab {

/// Ids of a long text, two bytes each as long as they fit.
class TokenIds {
public:
    void add(int id) {
        if (m_wide.empty() && id <= UINT16_MAX) return m_narrow.push_back(static_cast<std::uint16_t>(id));
        if (m_wide.empty()) widen();
        m_wide.push_back(id);
    }
    int operator[](std::size_t i) const { return m_wide.empty() ? m_narrow[i] : m_wide[i]; }
    std::size_t size() const { return m_wide.empty() ? m_narrow.size() : m_wide.size(); }
    std::size_t bytes() const { return 2 * m_narrow.size() + 4 * m_wide.size(); }
    void reserve(std::size_t ids) { m_wide.empty() ? m_narrow.reserve(ids) : m_wide.reserve(ids); }
    /// As they lie in memory; one of both is empty.
    std::span<const std::uint16_t> narrow() const { return m_narrow; }
    std::span<const std::int32_t> wide() const { return m_wide; }
    static TokenIds of(std::vector<std::uint16_t> narrow, std::vector<std::int32_t> wide) {
        TokenIds ids;
        ids.m_narrow = std::move(narrow);
        ids.m_wide = std::move(wide);
        return ids;
    }
    /// [first, first + count)
    std::vector<int> part(std::size_t first, std::size_t count) const {
        std::vector<int> ids(count);
        for (std::size_t i = 0; i < count; ++i) ids[i] = (*this)[first + i];
        return ids;
    }

private:
    void widen() {
        m_wide.assign(m_narrow.begin(), m_narrow.end());
        m_narrow.clear();
        m_narrow.shrink_to_fit();
    }

    std::vector<std::uint16_t> m_narrow;
    std::vector<std::int32_t> m_wide;  ///< instead of these, once an id does not fit
};

}  // namespace lab
