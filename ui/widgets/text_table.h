#pragma once

#include <QString>
#include <QWidget>
#include <optional>
#include <vector>

#include "ui/widgets/theme.h"

namespace lab {

/// A table of short texts that paints itself: first column left, the others right-aligned, an optional line sample before a row. What does
/// not fit below is told in the last line. Cells that begin with a tick or a cross take the colour of what is right or wrong.
class TextTable : public QWidget {
    Q_OBJECT

public:
    struct Row {
        std::vector<QString> cells;
        std::optional<Role> sample{};  ///< of the series this row speaks of
        bool chosen = false;
        bool bold = false;
    };

    explicit TextTable(const QString& name, QWidget* parent = nullptr);

    /// `shares` of the width, one a column.
    void setColumns(std::vector<QString> titles, std::vector<double> shares);
    void setRows(std::vector<Row> rows);
    QString name() const { return m_name; }
    const std::vector<QString>& titles() const { return m_titles; }
    /// Shows what `other` shows, for a picture of it.
    void copy(const TextTable& other);
    /// Tall enough for every row.
    int fullHeight() const;
    const std::vector<Row>& rows() const { return m_rows; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    /// Less than usual where that makes every row fit.
    int rowHeight() const;
    void paintRow(QPainter& painter, const Row& row, double top) const;

    QString m_name;
    std::vector<QString> m_titles;
    std::vector<double> m_shares;
    std::vector<Row> m_rows;
};

}  // namespace lab
