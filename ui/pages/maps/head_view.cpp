#include "ui/pages/maps/head_view.h"

#include <QLabel>

#include "ui/widgets/color_scale.h"
#include "ui/widgets/row_profile.h"
#include "ui/widgets/theme.h"

namespace lab {

HeadView::HeadView(QWidget* parent) : QWidget(parent) {
    m_map = new Heatmap(this);
    m_profile = new RowProfile(this);
    m_scale = new ColorScaleBar(this);
    m_note = new QLabel(this);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setAlignment(Qt::AlignHCenter);
    m_note->hide();
    m_map->setCaptions(tr("query i: attends"), tr("key j: attended to"));
    connect(m_map, &Heatmap::layoutChanged, this, &HeadView::align);
    const auto measure = [this] {
        m_note->setFont(Theme::instance().font(TextSize::caption));
        arrange();
    };
    connect(&Theme::instance(), &Theme::changed, this, measure);
    measure();
}

void HeadView::resizeEvent(QResizeEvent*) {
    arrange();
}

void HeadView::arrange() {
    const Theme& theme = Theme::instance();
    const int margin = theme.px(4);
    const int width = QWidget::width() - 2 * margin;
    const int note = m_note->isHidden() ? 0 : theme.px(18);
    const int below = m_profile->sizeHint().height() + m_scale->sizeHint().height() + note + theme.px(8);
    int top = margin;
    const auto place = [&](QWidget* part, int height) {
        part->setGeometry(margin, top, width, height);
        top += height + theme.px(2);
    };
    // What the map does not need stays free below, so that the row's bars stand right under their keys.
    place(m_map, qMax(m_map->minimumSizeHint().height(), qMin(height() - top - below, m_map->heightForWidth(width))));
    place(m_profile, m_profile->sizeHint().height());
    place(m_scale, m_scale->sizeHint().height());
    place(m_note, note);
}

void HeadView::setMap(const MapData& weights, const ColorScaling& scaling, const QString& quantity) {
    const bool sameShape = weights.rows == m_map->data().rows && weights.columns == m_map->data().columns;
    m_map->setData(weights, scaling);
    m_scale->setScaling(scaling);
    m_scale->setQuantity(quantity);
    if (!sameShape) arrange();
}

void HeadView::setNote(const QString& note) {
    m_note->setText(note);
    if (m_note->isHidden() != note.isEmpty()) {
        m_note->setVisible(!note.isEmpty());
        arrange();
    }
}

void HeadView::align() {
    m_profile->setColumns(m_map->mapRect().left(), m_map->cellSize());
    m_scale->setSpan(qRound(m_map->mapRect().left()), qRound(m_map->mapRect().width()) - 1);
}

void HeadView::showRow(double rowSum) {
    const MapCell cell = m_map->shownCell();
    const MapData& cells = m_map->data();
    if (!cells.contains(cell.row, cell.column)) {
        m_profile->clear();
        m_scale->setNeedle(std::nullopt);
        return;
    }
    const float* row = cells.values.get() + static_cast<std::ptrdiff_t>(cell.row) * cells.columns;
    m_profile->setRow({row, row + cells.columns}, cell.column, tr("row %1: weights of query %1 over all keys").arg(cell.row), rowSum);
    m_scale->setNeedle(cells.value(cell.row, cell.column));
}

}  // namespace lab
