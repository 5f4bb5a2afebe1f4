#include "ui/pages/train/moments.h"

#include <algorithm>

namespace lab {
namespace {

/// Checkpoints without doubles, in the order of their steps.
class Moments {
public:
    explicit Moments(int most) : m_most(std::size_t(std::max(0, most))) {}

    void add(const CheckpointPtr& checkpoint) {
        if (!checkpoint || full()) return;
        const auto at = std::lower_bound(m_list.begin(), m_list.end(), checkpoint,
                                         [](const CheckpointPtr& a, const CheckpointPtr& b) { return a->step < b->step; });
        if (at == m_list.end() || (*at)->step != checkpoint->step) m_list.insert(at, checkpoint);
    }
    bool full() const { return m_list.size() >= m_most; }
    std::vector<CheckpointPtr> take() { return std::move(m_list); }

private:
    std::size_t m_most;
    std::vector<CheckpointPtr> m_list;
};

}  // namespace

std::vector<CheckpointPtr> momentsToShow(const History& history, std::span<const std::optional<std::int64_t>> milestones,
                                         const CheckpointPtr& shown, std::optional<std::int64_t> crosshair, int rows) {
    Moments moments(rows);
    if (!shown) return {};
    moments.add(shown);
    if (crosshair) moments.add(history.atOrBefore(*crosshair));
    for (const auto& milestone : milestones)
        if (milestone && *milestone <= shown->step) moments.add(history.atOrBefore(*milestone));
    if (!history.empty()) moments.add(history.checkpoints().front());
    std::vector<std::int64_t> round;
    for (std::int64_t power = 1; power <= shown->step; power *= 10)
        for (std::int64_t lead : {1, 2, 5})
            if (lead * power < shown->step) round.push_back(lead * power);
    for (auto step = round.rbegin(); step != round.rend(); ++step) moments.add(history.atOrBefore(*step));
    return moments.take();
}

}  // namespace lab
