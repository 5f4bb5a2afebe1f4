#pragma once

#include <QDialog>
#include <vector>

#include "core/memory/pattern.h"

class QDoubleSpinBox;
class QSpinBox;

namespace lab {

/// Random patterns to be stored: how many, and how much they resemble each other.
class RandomDialog : public QDialog {
    Q_OBJECT

public:
    /// `most`: as many as there is room for beside those that are stored, if they stay.
    RandomDialog(int rows, int columns, std::uint64_t seed, int most, QWidget* parent = nullptr);

    std::vector<Pattern> patterns() const;
    bool replaces() const { return m_replaces; }

private:
    void applyMeasures();

    int m_rows, m_columns;
    std::uint64_t m_seed;
    QSpinBox* m_count;
    QDoubleSpinBox* m_correlation;
    bool m_replaces = false;
};

}  // namespace lab
