#pragma once

#include <QHeaderView>

namespace lab {

/// Column titles of a table that sorts: muted, the sorted one bold with an arrow (LOOK.md 4). A click asks for sorting.
class SortHeader : public QHeaderView {
    Q_OBJECT

public:
    explicit SortHeader(QWidget* parent = nullptr);

    void setSorted(int column, bool ascending);
    int column() const { return m_column; }
    bool ascending() const { return m_ascending; }

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;

private:
    void applyMeasures();
    int m_column = -1;
    bool m_ascending = true;
};

}  // namespace lab
