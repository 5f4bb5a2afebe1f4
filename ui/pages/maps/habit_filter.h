#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "core/analysis/head_survey.h"

namespace lab {

class Button;
class HabitStudy;
class ThemedLabel;

/// The row above many heads that says what they usually do: a button a kind, with its letter and how many there are; pressed, the others
/// step back. At its end over how many sentences, and how far that is.
class HabitFilter : public QWidget {
    Q_OBJECT

public:
    explicit HabitFilter(QWidget* parent = nullptr);

    void tell(const HabitStudy& study);
    void setFilter(std::optional<HeadHabit> filter);
    std::optional<HeadHabit> filter() const { return m_filter; }
    /// For so many heads before anything is known.
    void setHeads(int heads);

    QSize minimumSizeHint() const override;

signals:
    void filterChosen(std::optional<lab::HeadHabit> filter);
    void againWanted();
    void stopWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fill();
    void arrange();
    QString textOf(HeadHabit habit, bool brief) const;

    Button* m_all;
    std::vector<Button*> m_kinds;  ///< as habitTable()
    std::vector<int> m_counts;
    int m_heads = 0;
    ThemedLabel* m_state;
    Button* m_again;
    bool m_measuring = false;
    std::optional<HeadHabit> m_filter;
};

}  // namespace lab
