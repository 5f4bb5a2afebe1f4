#pragma once

#include <QString>
#include <QWidget>
#include <vector>

#include "ui/widgets/theme.h"

namespace lab {

/// The legend as a read-out: line sample, name and value of each curve, in one row unless told.
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

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double widthOf(const Entry& entry) const;
    int columns() const;
    double columnWidth() const;
    void paintEntry(QPainter& painter, const Entry& entry, double x, double top) const;

    std::vector<Entry> m_entries;
    int m_rows = 1;
};

}  // namespace lab
