#pragma once

#include <QWidget>
#include <vector>

#include "ui/widgets/color_map.h"

namespace lab {

/// One row of weights in the shape of the picture whose pixels they join: blue pulls together, red apart; the row's own pixel is framed.
class RowPicture : public QWidget {
    Q_OBJECT

public:
    explicit RowPicture(QWidget* parent = nullptr);

    void setWeights(std::vector<double> weights, int rows, int columns, int pixel, double largest);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<double> m_weights;
    int m_rows = 0, m_columns = 0, m_pixel = -1;
    ColorScaling m_scaling{ColorMap::Kind::balance, -1, 1};
};

}  // namespace lab
