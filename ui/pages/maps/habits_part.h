#pragma once

#include <QObject>

#include "ui/pages/maps/habit_filter.h"
#include "ui/runs/habit_study.h"
#include "ui/scenes/maps_scene.h"

namespace lab {

class AllHeads;

/// What many heads usually do, in the row above them and on their maps.
class HabitsPart : public QObject {
    Q_OBJECT

public:
    HabitsPart(AllHeads& heads, QWidget& page);

    HabitFilter* filter() const { return m_filter; }
    const HabitStudy& study() const { return m_study; }
    /// `shown`: the maps are. Few heads need no row.
    void look(const MapsScene& scene, Run* run, const CheckpointPtr& checkpoint, bool shown);

private:
    void tell();
    void choose(std::optional<HeadHabit> filter);

    AllHeads& m_heads;
    HabitFilter* m_filter;
    HabitStudy m_study;
};

}  // namespace lab
