#pragma once

#include <QWidget>
#include <vector>

#include "core/explain/shape_pictures.h"

namespace lab {

/// What changes a tensor's shape and none of its numbers: cells keep their colours from matrix to matrix. The cell under the mouse says its
/// number.
class ShapePictureView : public QWidget {
    Q_OBJECT

public:
    explicit ShapePictureView(QWidget* parent = nullptr);

    void setPicture(const explain::ShapePicture& picture);
    const explain::ShapePicture& picture() const { return m_picture; }
    /// Of a cell of the matrix at this place in its band.
    QRectF cell(std::size_t band, std::size_t matrix, int row, int column) const;

    QSize sizeHint() const override;
    /// Without the sentence, which a low page has in the tool tip alone.
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    /// Where the matrices of all bands stand, in a widget of this width.
    std::vector<std::vector<QRectF>> places(int width) const;
    double cellSize(int width) const;
    double matricesHeight(int width) const;
    QStringList lines(int width) const;
    QString cellText(const QPointF& point) const;
    void paintMatrix(QPainter& painter, const explain::ShapeMatrix& matrix, const QRectF& place) const;
    void paintNames(QPainter& painter, const explain::ShapeMatrix& matrix, const QRectF& place, bool alone) const;

    explain::ShapePicture m_picture;
};

}  // namespace lab
