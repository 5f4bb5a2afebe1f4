#pragma once

#include <QWidget>

#include "ui/widgets/text_chip.h"

namespace lab {

class Button;
class PositionSlider;
class ThemedLabel;

/// One merge as it is said: left + right -> made.
struct MergeSaid {
    TextChip left, right, made;
    std::int64_t times = 0;  ///< it was done in the corpus
};

/// How many merges are known, to be moved: Left and Right by one, with Shift by ten, Home and End to the ends; and the last of them.
class MergeStrip : public QWidget {
    Q_OBJECT

public:
    explicit MergeStrip(QWidget* parent = nullptr);

    /// `said`: of merge number `merges`; null for none.
    void showMerge(int merges, int last, int vocabulary, double charactersPerToken, const MergeSaid* said);
    int merges() const;

signals:
    void moved(int merges);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Equation;
    void step(int by);
    void applyMeasures();

    Button *m_previous, *m_next;
    PositionSlider* m_slider;
    Equation* m_equation;
    ThemedLabel *m_vocabulary, *m_characters;
};

}  // namespace lab
