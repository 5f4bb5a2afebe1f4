#pragma once

#include "ui/widgets/table/still_table.h"

namespace lab {

/// A table of short texts: first column left, the others right-aligned, an optional line sample before a row. Cells that begin with a tick
/// or a cross take the colour of what is right or wrong.
class TextTable : public StillTable {
    Q_OBJECT

public:
    struct Row {
        std::vector<QString> cells;
        std::optional<Role> sample{};  ///< of the series this row speaks of
        bool chosen = false;
        bool bold = false;
    };

    explicit TextTable(const QString& name, QWidget* parent = nullptr);

    /// `shares` of the width, one a column, in proportion to one another.
    void setColumns(std::vector<QString> titles, std::vector<double> shares);
    void setRows(std::vector<Row> rows);
    QString name() const { return m_name; }
    const std::vector<QString>& titles() const { return m_titles; }
    const std::vector<Row>& rows() const { return m_rows; }
    /// Shows what `other` shows, for a picture of it.
    void copy(const TextTable& other);
    /// Tall enough for every row.
    int fullHeight() const { return heightOf(m_rows.size()); }
    /// Tall enough for so many rows close to one another, of those that there are.
    int closeHeight(std::size_t rows) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    std::vector<QRectF> rooms(const QRectF& line) const override;
    std::optional<Role> groundOf(int row) const override;
    void paintRest(QPainter& painter, const QRectF& line, int from) const override;

private:
    TableCell cellOf(const Row& row, std::size_t column) const;
    int heightOf(std::size_t rows) const;

    QString m_name;
    std::vector<QString> m_titles;
    std::vector<double> m_shares;
    std::vector<Row> m_rows;
};

}  // namespace lab
