#include "ui/pages/memory/snapshot_strip.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/pages/memory/pattern_picture.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int line = 16, squareGap = 6, pointer = 6;
constexpr int comfortableSide = 48, leastSide = 32;

/// What fits above the axis: a picture every so many updates.
struct Row {
    int distance = 1;
    double side = 0;
};

Row rowFor(const RecallStudy& study, const SnapshotStrip::PlaceOf& placeOf, double height) {
    const Theme& theme = Theme::instance();
    const int updates = std::max(1, study.updates());
    const double perUpdate = (placeOf(updates) - placeOf(0)) / updates;
    const double high = std::max<double>(theme.px(leastSide), height - theme.px(2 * line + pointer));
    Row row{std::max(1, study.recall.mode == RecallMode::synchronous ? 1 : study.net->units() / 4)};
    while (row.distance * perUpdate < theme.px(comfortableSide + squareGap) && row.distance < updates) row.distance *= 2;
    row.side = std::clamp<double>(row.distance * perUpdate - theme.px(squareGap), theme.px(leastSide), high);
    const int pixels = std::max(study.chosen().rows, study.chosen().columns);
    if (row.side >= pixels) row.side = std::floor(row.side / pixels) * pixels;  // whole px for a pixel
    return row;
}

QString titleOf(int update, int updates) {
    if (update == 0) return SnapshotStrip::tr("query");
    return update == updates ? SnapshotStrip::tr("end") : SnapshotStrip::tr("after %1").arg(update);
}

QRectF inner(const QRectF& room) {
    const int edge = Theme::instance().px(2);
    return room.adjusted(edge, 0, -edge, 0);
}

/// The picture of an update: centred above its place, but inside the room.
QRectF placeFor(const QRectF& room, double x, double side) {
    const Theme& theme = Theme::instance();
    const double left = std::clamp(x - side / 2, room.left(), std::max(room.left(), room.right() - side));
    return {left, room.top() + theme.px(line), side, side};
}

void paintMoment(QPainter& painter, const QRectF& place, const RecallStudy& study, int update, bool reached) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const double wide = theme.px(squareGap);
    const QRectF above(place.left() - wide, place.top() - theme.px(line), place.width() + 2 * wide, theme.px(line));
    painter.drawText(above, Qt::AlignCenter, titleOf(update, study.updates()));
    if (!reached) {
        painter.setPen(QPen(theme.color(Role::hairline), 1, Qt::DashLine));
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5));
        return;
    }
    paintPattern(painter, place, study.pictureAfter(update), {&study.chosen()});
    const int wrong = study.wrongAfter(update);
    painter.setFont(theme.font(TextSize::axis, true));
    painter.setPen(theme.color(verdictRole(wrong == 0)));
    const QRectF below(above.left(), place.bottom() + theme.px(1), above.width(), theme.px(line));
    painter.drawText(below, Qt::AlignCenter, verdictText(wrong == 0, QString::number(wrong)));
}

}  // namespace

SnapshotStrip::SnapshotStrip(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    describePicture(this, tr("States of the recall"));
}

QSize SnapshotStrip::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(400), theme.px(comfortableSide + 2 * line + pointer)};
}

QSize SnapshotStrip::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(200), theme.px(comfortableSide + 2 * line + pointer)};
}

void SnapshotStrip::setStudy(RecallStudyPtr study, int shown, PlaceOf placeOf) {
    m_study = std::move(study);
    m_shown = shown;
    m_placeOf = std::move(placeOf);
    QStringList words;
    if (m_study)
        for (const int update : moments(*m_study, m_placeOf, height()))
            if (update <= m_shown)
                words << titleOf(update, m_study->updates()) + QStringLiteral(": ") + tr("%1 wrong").arg(m_study->wrongAfter(update));
    describePicture(this, tr("States of the recall"), words.join(QStringLiteral(", ")));
    update();
}

std::vector<int> SnapshotStrip::moments(const RecallStudy& study, const PlaceOf& placeOf, double height) {
    const int updates = study.updates();
    const Row row = rowFor(study, placeOf, height);
    std::vector<int> moments{0};
    // The last one may be moved inside by a quarter of its side: the one before stays clear of it.
    const double clear = 1.25 * row.side + Theme::instance().px(squareGap);
    for (int update = row.distance; update < updates && placeOf(updates) - placeOf(update) >= clear; update += row.distance)
        moments.push_back(update);
    if (updates > 0) moments.push_back(updates);
    return moments;
}

void SnapshotStrip::paint(QPainter& painter, const QRectF& room, const RecallStudy& study, int shown, const PlaceOf& placeOf) {
    const Theme& theme = Theme::instance();
    const double side = rowFor(study, placeOf, room.height()).side;
    for (const int update : moments(study, placeOf, room.height())) {
        const double x = placeOf(update);
        paintMoment(painter, placeFor(inner(room), x, side), study, update, update <= shown);
        painter.setPen(QPen(theme.color(Role::controlBorder), 1, Qt::DotLine));
        painter.drawLine(QPointF(x, room.bottom() - theme.px(pointer)), QPointF(x, room.bottom()));
    }
}

void SnapshotStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (!m_study) return paintEmpty(painter, rect(), tr("Nothing is stored: add a pattern"), 8);
    paint(painter, rect(), *m_study, m_shown, m_placeOf);
}

void SnapshotStrip::mousePressEvent(QMouseEvent* event) {
    if (!m_study || event->button() != Qt::LeftButton) return;
    const double side = rowFor(*m_study, m_placeOf, height()).side;
    for (const int update : moments(*m_study, m_placeOf, height()))
        if (placeFor(inner(rect()), m_placeOf(update), side).contains(event->position())) return emit updateChosen(update);
}

}  // namespace lab
