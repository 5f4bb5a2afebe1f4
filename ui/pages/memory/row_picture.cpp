#include "ui/pages/memory/row_picture.h"

#include <QPainter>
#include <algorithm>

#include "ui/pages/memory/pattern_picture.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

constexpr int rowPictureSide = 96, border = 3;  // logical px at 100 %

}  // namespace

RowPicture::RowPicture(QWidget* parent) : QWidget(parent) {
    describePicture(this, tr("Weights of one pixel"));
}

void RowPicture::setWeights(std::vector<double> weights, int rows, int columns, int pixel, double largest) {
    m_weights = std::move(weights);
    m_rows = rows;
    m_columns = columns;
    m_pixel = pixel;
    m_scaling.high = largest > 0 ? largest : 1;
    m_scaling.low = -m_scaling.high;
    const auto pulls = std::ranges::count_if(m_weights, [](double weight) { return weight > 0; });
    const auto pushes = std::ranges::count_if(m_weights, [](double weight) { return weight < 0; });
    describePicture(
        this, tr("Weights of one pixel"),
        m_weights.empty() ? QString() : tr("%1: %2 pixels pull together, %3 apart").arg(pixelName(pixel, columns)).arg(pulls).arg(pushes));
    update();
}

QSize RowPicture::sizeHint() const {
    const int most = Theme::instance().px(rowPictureSide + 2 * border);
    return {most, most};
}

QSize RowPicture::minimumSizeHint() const {
    const int least = Theme::instance().px(rowPictureSide / 2);
    return {least, least};
}

void RowPicture::paintEvent(QPaintEvent*) {
    if (m_weights.empty()) return;
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const int inset = theme.px(border);
    const QRectF picture = patternRect(painter, QRectF(rect()).adjusted(inset, inset, -inset, -inset), m_rows, m_columns);
    for (int i = 0; i < static_cast<int>(m_weights.size()); ++i)
        painter.fillRect(pixelRect(picture, m_rows, m_columns, i), QColor(m_scaling.color(m_weights[static_cast<std::size_t>(i)])));
    drawFrame(painter, picture.adjusted(-1, -1, 1, 1), 0, theme.color(Role::hairline));
    if (m_pixel < 0) return;
    const QRectF own = pixelRect(picture, m_rows, m_columns, m_pixel);
    drawFrame(painter, own.adjusted(-1.5, -1.5, 1.5, 1.5), 0, theme.color(Role::fill), Qt::transparent, 2.5);
    drawFrame(painter, own, 0, theme.color(Role::onFill), Qt::transparent, 1);
}

}  // namespace lab
