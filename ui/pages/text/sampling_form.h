#pragma once

#include <QWidget>
#include <map>

#include "core/model/sampling.h"

class QDoubleSpinBox;
class QGridLayout;
class QSlider;
class QSpinBox;

namespace lab {

class ElidedLabel;
class SegmentedControl;
class ThemedLabel;

/// The numbers of sampling, one line a rule, in the order in which the rules work: a slider over what is usual, and the number itself,
/// which may be any. Greedy takes the most probable token and needs none.
class SamplingForm : public QWidget {
    Q_OBJECT

public:
    explicit SamplingForm(QWidget* parent = nullptr);

    /// Greedy or sample, and the seed: for the title bar of whoever shows the form.
    QWidget* head() const { return m_head; }
    Sampling sampling() const;
    /// Without a signal.
    void setSampling(const Sampling& sampling);
    /// What each rule left of `classes` tokens at the chosen one; empty: nothing is chosen.
    void setNotes(const std::map<const SamplingRule*, QString>& notes);

    SegmentedControl& way() const { return *m_way; }

signals:
    void changed();

private:
    struct Line {
        const SamplingRule* rule;
        std::vector<double> stops;  ///< of the slider
        ThemedLabel* label;
        QSlider* slider;
        QDoubleSpinBox* number;
        ElidedLabel* note;
    };
    void makeHead();
    void addLine(QGridLayout& grid, const SamplingRule& rule);
    void takeWay();
    void allowNumbers();
    void applyMeasures();

    QWidget* m_head;
    SegmentedControl* m_way;
    QSpinBox* m_seed;
    std::vector<Line> m_lines;
    double m_temperature;  ///< while greedy is chosen
};

/// Where a rule's slider stops: whole numbers ever farther apart, others in steps of 0.05, within a range of 1 of 0.01; what does nothing
/// comes last where it lies outside what is usual.
std::vector<double> sliderStops(const SamplingRule& rule);

}  // namespace lab
