#pragma once

#include <QString>
#include <QWidget>
#include <vector>

#include "ui/widgets/theme.h"

namespace lab {

/// The legend as a read-out: line sample, name and value of each curve, in one row unless told. Every curve is named:
/// where there is too little room bands go first, then names are shortened, then values go.
class PlotLegend : public QWidget {
    Q_OBJECT

public:
    struct Entry {
        QString name;
        Role role = Role::series1;
        bool band = false;
        QString value, verdict;
    };

    explicit PlotLegend(QWidget* parent = nullptr);
    void setEntries(std::vector<Entry> entries);
    const std::vector<Entry>& entries() const { return m_entries; }
    /// More than one: the entries stand in columns.
    void setRows(int rows);
    int rows() const { return m_rows; }
    /// What a row shows of the names at this width.
    QStringList shownNames() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    /// How a row is drawn where there is less room than it wants.
    struct Fit {
        bool bands = true, values = true;
        double longestName = 1e9;                        ///< px
        int sample() const { return values ? 22 : 12; }  ///< of a line, px at 100 %
    };
    Fit fit() const;
    QString shownName(const Entry& entry, const Fit& fit) const;
    double widthOf(const Entry& entry, const Fit& fit) const;
    double widthOf(const Fit& fit) const;
    int columns() const;
    double columnWidth() const;
    void paintEntry(QPainter& painter, const Entry& entry, const Fit& fit, double x, double top) const;

    std::vector<Entry> m_entries;
    int m_rows = 1;
};

}  // namespace lab
