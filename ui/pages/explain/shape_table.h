#pragma once

#include "core/explain/shapes.h"
#include "ui/widgets/table/still_table.h"

namespace lab {

/// The tensors of all stages with their axes and bytes, one group of rows a stage. A click on a row, or Up, Down and Enter, lead to its
/// stage.
class ShapeTable : public StillTable {
    Q_OBJECT

public:
    explicit ShapeTable(QWidget* parent = nullptr);

    void setShapes(const explain::Shapes& shapes, const explain::AxisSizes& sizes);
    /// The stage in hand, whose rows are tinted.
    void setCurrent(const std::string& stage);
    /// The first row of the stage in hand.
    QRect currentRect() const;
    /// What a row says, its cells joined, without marks.
    QString rowText(int row) const;
    int count() const { return rowCount(); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void chosen(const QString& stage);
    void moved();

protected:
    std::vector<QRectF> rooms(const QRectF& line) const override;
    std::optional<Role> groundOf(int row) const override;
    void paintOver(QPainter& painter, const QRect& line, int row) const override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    /// Of a stage's title, tensor is -1.
    struct Row {
        std::size_t stage;
        int tensor;
    };
    const explain::StageShapes& stageOf(const Row& row) const { return m_shapes.stages[row.stage]; }
    TableCell cellOf(const Row& row, int column) const;
    TableCell titleOf(const Row& row, int column) const;
    int firstRowOf(const std::string& stage) const;
    void describe();

    explain::Shapes m_shapes;
    explain::AxisSizes m_sizes;
    std::vector<Row> m_rows;
    std::string m_current;
};

}  // namespace lab
