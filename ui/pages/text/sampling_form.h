#pragma once

#include <QWidget>
#include <map>

#include "core/model/sampling.h"

class QDoubleSpinBox;
class QGridLayout;
class QSpinBox;

namespace lab {

class SegmentedControl;
class ThemedLabel;

/// The numbers of sampling, one line a rule, in the order in which the rules work; greedy takes the most probable token and needs none.
class SamplingForm : public QWidget {
    Q_OBJECT

public:
    explicit SamplingForm(QWidget* parent = nullptr);

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
        ThemedLabel* label;
        QDoubleSpinBox* number;
        ThemedLabel* note;
    };
    void addLine(QGridLayout& grid, const SamplingRule& rule);
    void takeWay();
    void applyMeasures();

    SegmentedControl* m_way;
    QSpinBox* m_seed;
    std::vector<Line> m_lines;
    double m_temperature;  ///< while greedy is chosen
};

}  // namespace lab
