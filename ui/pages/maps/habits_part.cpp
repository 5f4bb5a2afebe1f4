#include "ui/pages/maps/habits_part.h"

#include "ui/pages/maps/all_heads.h"
#include "ui/pages/maps/dense_grid.h"
#include "ui/pages/maps/many_heads.h"

namespace lab {

HabitsPart::HabitsPart(AllHeads& heads, QWidget& page) : QObject(&page), m_heads(heads) {
    m_filter = new HabitFilter(&page);
    m_filter->hide();
    connect(&m_study, &HabitStudy::changed, this, &HabitsPart::tell);
    connect(m_filter, &HabitFilter::filterChosen, this, &HabitsPart::choose);
    connect(m_filter, &HabitFilter::againWanted, this, [this] { m_study.measure(); });
    connect(m_filter, &HabitFilter::stopWanted, this, [this] { m_study.stop(); });
    connect(&heads.many().grid(), &DenseGrid::filterWanted, this, &HabitsPart::choose);
}

void HabitsPart::look(const MapsScene& scene, Run* run, const CheckpointPtr& checkpoint, bool shown) {
    const bool many = DenseGrid::isFor(scene);
    m_filter->setVisible(many && shown);
    if (!many || !shown || !checkpoint) return;
    m_filter->setHeads(scene.headCount());
    if (run->state() != Run::State::training || m_study.total() == 0) m_study.look(run, checkpoint);
    tell();
}

void HabitsPart::choose(std::optional<HeadHabit> filter) {
    m_filter->setFilter(filter);
    m_filter->tell(m_study);
    m_heads.many().grid().setFilter(filter);
}

void HabitsPart::tell() {
    std::vector<HeadBadge> badges;
    std::vector<HeadHabit> habits;
    for (const SurveyedHead& head : m_study.heads()) {
        badges.push_back(habitBadge(head, m_study.done()));
        habits.push_back(head.habit());
    }
    m_filter->tell(m_study);
    m_heads.many().setHabits(badges, habits);
}

}  // namespace lab
