#include "core/layers/position/rotary_table.h"

#include <algorithm>
#include <mutex>
#include <type_traits>

namespace lab {
namespace {

constexpr int mostRowsKept = 4096;

}  // namespace

/// The numbers of one kind of rotation, made when they are first asked for: training wants floats, the checks of gradients doubles.
class RotaryTable::Kept {
public:
    Kept(RopeFrequencies frequencies, int rows) : m_frequencies(std::move(frequencies)), m_rows(rows) {}

    bool isOf(const RopeFrequencies& frequencies, int rows) const {
        return m_rows == rows && m_frequencies.theta == frequencies.theta && m_frequencies.scale == frequencies.scale;
    }
    template <class T>
    View<T> numbers() const {
        const auto of = [this](const auto& own) {
            std::call_once(own.made, [&] {
                const std::size_t size = static_cast<std::size_t>(m_rows) * m_frequencies.theta.size();
                own.cos.resize(size);
                own.sin.resize(size);
                ropeTables(m_frequencies, 0, m_rows, own.cos.data(), own.sin.data());
            });
            return View<T>{own.cos.data(), own.sin.data()};
        };
        if constexpr (std::is_same_v<T, float>)
            return of(m_float);
        else
            return of(m_double);
    }

private:
    template <class T>
    struct Numbers {
        mutable std::once_flag made;
        mutable std::vector<T> cos, sin;
    };

    RopeFrequencies m_frequencies;
    int m_rows;
    Numbers<float> m_float;
    Numbers<double> m_double;
};

/// Layers, and models, that turn alike share them.
std::shared_ptr<const RotaryTable::Kept> RotaryTable::keptOf(const RopeFrequencies& frequencies, int rows) {
    static std::mutex mutex;
    static std::vector<std::weak_ptr<const Kept>> all;
    const std::lock_guard lock(mutex);
    std::erase_if(all, [](const std::weak_ptr<const Kept>& each) { return each.expired(); });
    for (const std::weak_ptr<const Kept>& each : all)
        if (auto kept = each.lock(); kept && kept->isOf(frequencies, rows)) return kept;
    auto kept = std::make_shared<const Kept>(frequencies, rows);
    all.push_back(kept);
    return kept;
}

RotaryTable::RotaryTable(const RopeConfig& rope, int headDim, int maxLength)
    : m_rope(rope), m_headDim(headDim), m_rows(std::clamp(maxLength, 1, mostRowsKept)) {
    m_within = keptOf(ropeFrequencies(rope, headDim, 1), m_rows);
    const RopeScalingSpec& scaling = *rope.scaling.kind;
    if (scaling.byLength && !scaling.byEachLength)
        m_beyond = keptOf(ropeFrequencies(rope, headDim, rope.scaling.original_max_seq_len.value_or(0) + 1), m_rows);
}

bool RotaryTable::isBeyond(int length) const {
    return m_rope.scaling.kind->byLength && length > *m_rope.scaling.original_max_seq_len;
}

template <class T>
RotaryTable::View<T> RotaryTable::view(Pass<T>& pass, int first, int count, int length) const {
    const Kept* kept = (isBeyond(length) ? m_beyond : m_within).get();
    if (kept && first + count <= m_rows) {
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(first) * pairs();
        const View<T> all = kept->numbers<T>();
        return {all.cos + at, all.sin + at};
    }
    T* cos = pass.takeRows(count, pairs());
    T* sin = pass.takeRows(count, pairs());
    ropeTables(ropeFrequencies(m_rope, m_headDim, length), first, count, cos, sin);
    return {cos, sin};
}

template RotaryTable::View<float> RotaryTable::view(Pass<float>&, int, int, int) const;
template RotaryTable::View<double> RotaryTable::view(Pass<double>&, int, int, int) const;

}  // namespace lab
