#include "ui/pages/maps/difference_view.h"

#include <QPainter>
#include <QSignalBlocker>
#include <algorithm>

#include "core/analysis/map_difference.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int differenceViewTitleHeight = 20, differenceViewGap = 8, differenceViewMargin = 8, storyLine = 18;
constexpr std::size_t toldChanges = 4;

}  // namespace

DifferenceView::DifferenceView(QWidget* parent)
    : QWidget(parent),
      m_before(named("maps.difference.before", new Map(this))),
      m_after(named("maps.difference.after", new Map(this))),
      m_change(named("maps.difference.change", new Map(this))),
      m_scale(new ColorScaleBar(this)),
      m_changeScale(new ColorScaleBar(this)) {
    for (Map* map : {m_before, m_after, m_change}) follow(map);
    connect(m_change, &Map::layoutChanged, this, &DifferenceView::showNeedles);
    whenThemed(this, &DifferenceView::arrange);
    describePicture(this, tr("Two inputs and their difference"));
}

/// One cell in hand: hovering and selecting in one map shows it in the others.
void DifferenceView::follow(Map* map) {
    const auto others = [this, map](auto act) {
        for (Map* other : {m_before, m_after, m_change})
            if (other != map) act(*other);
        showNeedles();
        tell();
    };
    connect(map, &Map::hovered, this, [others](int row, int column) {
        others([&](Map& other) {
            const QSignalBlocker quiet(&other);
            other.pointAt(other.data().contains(row, column) ? MapCell{row, column} : MapCell{});
        });
    });
    connect(map, &Map::selected, this, [this, others](int row, int column) {
        others([&](Map& other) { other.setSelection({row, column}); });
        emit selected(row, column);
    });
    connect(map, &Map::activated, this, &DifferenceView::activated);
}

void DifferenceView::set(const HeadDifference& difference, const Words& words) {
    m_why.clear();
    m_words = words;
    const MapStage stage = words.stage;
    const auto show = [&](Map* map, const StageMap& shown, const QString& what, const std::vector<QString>& rows,
                          const std::vector<QString>& columns) {
        map->setSubject(stageSubject(stage).arg(words.head) + QStringLiteral(", ") + what);
        map->setQuantity(map == m_change ? QStringLiteral("\u0394") + stageSymbol(stage) : stageSymbol(stage),
                         [stage](double value) { return stageNumber(stage, value); });
        map->setNames(rows, columns);
        map->setData(shown.data, shown.scaling);
    };
    show(m_before, difference.before, words.before, words.beforeRows, words.beforeColumns);
    show(m_after, difference.after, words.after, words.afterRows, words.afterColumns);
    show(m_change, difference.change, tr("difference"), words.afterRows, words.afterColumns);
    m_scale->setScaling(difference.before.scaling);
    m_scale->setQuantity(stageQuantity(stage));
    m_changeScale->setScaling(difference.change.scaling);
    m_changeScale->setQuantity(tr("now \u2212 kept"));
    tell();
    arrange();
}

void DifferenceView::clear(const QString& why) {
    m_why = why;
    m_story.clear();
    describePicture(this, tr("Two inputs and their difference"), why);
    arrange();
}

void DifferenceView::setSelection(MapCell cell) {
    for (Map* map : {m_before, m_after, m_change}) map->setSelection(cell);
    showNeedles();
    tell();
}

/// The cell in hand and the cells that changed most, in numbers.
void DifferenceView::tell() {
    m_story.clear();
    const MapStage stage = m_words.stage;
    const MapData& a = m_before->data();
    const MapData& b = m_after->data();
    const auto written = [&](const MapData& cells, int row, int column) {
        return cells.masked(row, column) ? tr("masked") : stageNumber(stage, cells.value(row, column));
    };
    if (m_change->data().empty()) {
        m_story << tr("The inputs are not of the same length: no cell of one belongs to one of the other.");
    } else {
        const MapCell cell = m_change->shownCell();
        if (m_change->data().contains(cell.row, cell.column))
            m_story << m_change->describe(cell) + QStringLiteral(": ") + written(a, cell.row, cell.column) + QStringLiteral(" \u2192 ") +
                           written(b, cell.row, cell.column);
        const auto changes = largestChanges(a.values.get(), b.values.get(), a.rows, a.columns, toldChanges);
        m_story << (changes.empty() ? tr("No cell differs.") : tr("Changed most:"));
        for (const MapChange& change : changes)
            m_story << m_change->describe({change.row, change.column}) + QStringLiteral(": ") + written(a, change.row, change.column) +
                           QStringLiteral(" \u2192 ") + written(b, change.row, change.column);
    }
    describePicture(this, tr("Two inputs and their difference"), m_story.join(QStringLiteral("; ")));
    update(m_storyRoom);
}

void DifferenceView::showNeedles() {
    const auto value = [](const Map& map) -> std::optional<double> {
        const MapCell cell = map.shownCell();
        if (!map.data().contains(cell.row, cell.column) || map.data().masked(cell.row, cell.column)) return std::nullopt;
        return map.data().value(cell.row, cell.column);
    };
    m_scale->setNeedle(value(*m_after));
    m_changeScale->setNeedle(value(*m_change));
}

QSize DifferenceView::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(320), theme.px(280)};
}

void DifferenceView::arrange() {
    const Theme& theme = Theme::instance();
    const bool shown = m_why.isEmpty();
    for (QWidget* part : std::initializer_list<QWidget*>{m_before, m_after, m_change, m_scale, m_changeScale}) part->setVisible(shown);
    const int scale = m_scale->sizeHint().height(), title = theme.px(differenceViewTitleHeight), apart = theme.px(differenceViewGap);
    const int told = theme.px(storyLine) * static_cast<int>(toldChanges + 3);
    // As many columns as give the larger maps.
    const auto sideOf = [&](int columns) { return (width() - (columns + 1) * theme.px(differenceViewMargin)) / columns; };
    const int highOne = height() - scale - told - title - apart, highTwo = (height() - 2 * (title + scale + apart)) / 2;
    const bool three = std::min(sideOf(3), highOne) >= std::min(sideOf(2), highTwo);
    const int columns = three ? 3 : 2;
    const int side = sideOf(columns), rowHeight = three ? highOne : highTwo;
    Map* maps[3] = {m_before, m_after, m_change};
    int bottom = 0;
    for (int i = 0; i < 3; ++i) {
        const int row = i / columns, column = i % columns;
        const int left = theme.px(differenceViewMargin) + column * (side + theme.px(differenceViewMargin)),
                  top = row * (rowHeight + title + scale + apart);
        m_titles[i] = QRect(left, top, side, title);
        const int map = std::min(rowHeight, maps[i]->heightForWidth(side));
        maps[i]->setGeometry(left, top + title, side, map);
        bottom = top + title + map;
        if (i == 0) m_scale->setGeometry(left, bottom, three ? 2 * side + theme.px(differenceViewMargin) : 2 * side, scale);
        if (i == 2) m_changeScale->setGeometry(left, bottom, side, scale);
    }
    m_storyRoom = three ? QRect(theme.px(differenceViewMargin), bottom + scale + apart, width() - 2 * theme.px(differenceViewMargin), told)
                        : QRect(2 * theme.px(differenceViewMargin) + side, rowHeight + title + scale + apart, side, height() / 2);
    update();
}

void DifferenceView::resizeEvent(QResizeEvent*) {
    arrange();
}

void DifferenceView::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    if (!m_why.isEmpty()) return paintEmpty(painter, rect(), m_why);
    const QStringList titles{tr("kept: %1").arg(m_words.before), tr("now: %1").arg(m_words.after), tr("difference: now \u2212 kept")};
    painter.setFont(theme.font(TextSize::axis, true));
    painter.setPen(theme.color(Role::text));
    for (int i = 0; i < 3; ++i) drawElided(painter, m_titles[i], Qt::AlignHCenter, titles[i]);
    int top = m_storyRoom.top();
    for (const QString& line : m_story) {
        const bool heading = line.endsWith(QLatin1Char(':')) || line.endsWith(QLatin1Char('.'));
        painter.setFont(theme.font(TextSize::axis, heading));
        painter.setPen(theme.color(heading ? Role::muted : Role::text));
        const QRect room(m_storyRoom.left(), top, m_storyRoom.width(), m_storyRoom.bottom() - top);
        const QRect used = painter.boundingRect(room, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, line);
        painter.drawText(room, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, line);
        top += std::max(used.height(), theme.px(storyLine));
    }
}

}  // namespace lab
