#include "ui/pages/positions/pair_table.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int headerHeight = 20;
constexpr int fullRow = 30;
constexpr int usualRow = 23;
constexpr int leastRow = 18;
constexpr int proofRow = 17;
constexpr int proofRows = 6;
constexpr std::array<int, 3> shifts = {1, 10, 100};

constexpr int roomForAll = 380;

constexpr std::size_t columnCount = 8;
constexpr std::size_t channelColumn = 1, turnColumn = 4, shareColumn = 7;
/// Right edges of the columns as shares of the width, negative where a narrow table leaves one out; the first is left-aligned.
constexpr std::array<double, columnCount> allColumns = {0.06, 0.19, 0.315, 0.485, 0.625, 0.735, 0.85, 1.0};
constexpr std::array<double, columnCount> fewColumns = {0.1, 0.33, 0.55, -1, -1, -1, 0.75, 1.0};

const std::array<double, columnCount>& columnsIn(int width) {
    return width >= Theme::instance().px(roomForAll) ? allColumns : fewColumns;
}

QString thetaText(double theta) {
    return theta >= 0.001 ? fixed(theta, 3) : scientific(theta, 1);
}

QString wavelengthText(double tokens) {
    return tokens < 10000 ? fixed(tokens, tokens < 1000 ? 1 : 0) : compact(tokens);
}

}  // namespace

PairTable::PairTable(RopeStudy& study, QWidget* parent) : QWidget(parent), m_study(study) {
    setFocusPolicy(Qt::StrongFocus);
    setToolTip(
        tr("\u03B8: angle a position adds. Wavelength: tokens a turn, 2\u03C0 / \u03B8. Turns: within the training length. "
           "Angle: \u03C6(q) \u2212 \u03C6(k) + (m \u2212 n) \u03B8. Adds: |q||k| cos(angle) times the temperature squared / \u221A"
           "d."));
    connect(&study, &RopeStudy::vectorsChanged, this, &PairTable::describe);
    connect(&study, &RopeStudy::positionsChanged, this, &PairTable::describe);
    connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
    describe();
}

void PairTable::describe() {
    const int pair = m_study.pair();
    if (pair != m_shownPair) {
        m_shownPair = pair;
        if (pair < m_first) m_first = pair;
        if (pair >= m_first + visibleRows()) m_first = pair - visibleRows() + 1;
    }
    m_first = std::clamp(m_first, 0, lastFirst());
    if (m_study.pairs() > 0) {
        const RopePair& p = m_study.geometry().pairs()[static_cast<std::size_t>(pair)];
        describePicture(
            this, tr("Numbers of the pairs"),
            tr("pair %1, channels %2 and %3, \u03B8 %4, wavelength %5, adds %6")
                .arg(QString::number(pair), QString::number(p.firstChannel), QString::number(p.secondChannel), thetaText(p.theta),
                     wavelengthText(wavelength(p.theta)), signedFixed(m_study.geometry().term(pair, m_study.distance()), 3)));
    }
    update();
}

QSize PairTable::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(410), theme.px(headerHeight + usualRow * std::clamp(m_study.pairs(), 1, 8))};
}
QSize PairTable::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(270), theme.px(headerHeight + 3 * leastRow)};
}

int PairTable::rowHeight() const {
    const Theme& theme = Theme::instance();
    const int room = height() - theme.px(headerHeight);
    return std::clamp(room / std::max(m_study.pairs(), 1), theme.px(leastRow), theme.px(fullRow));
}

int PairTable::visibleRows() const {
    return std::max(1, (height() - Theme::instance().px(headerHeight)) / std::max(rowHeight(), 1));
}

int PairTable::lastFirst() const {
    return std::max(0, m_study.pairs() - visibleRows());
}

void PairTable::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::screen));
    const auto& ends = columnsIn(width());
    const std::array<QString, columnCount> titles = {
        tr("pair"), tr("channels"), QStringLiteral("\u03B8_{p}"), tr("wavelength"), tr("turns"), tr("|q||k|"), tr("angle"), tr("adds")};
    const double room = width() - theme.px(10);
    for (std::size_t c = 0; c < titles.size(); ++c) {
        if (ends[c] < 0) continue;
        painter.setFont(theme.font(TextSize::caption, c == shareColumn));
        painter.setPen(theme.color(c == shareColumn ? Role::text : Role::muted));
        const QRectF box(theme.px(5), 0, c == 0 ? room : room * ends[c], theme.px(headerHeight));
        drawFormula(painter, box, c == 0 ? Qt::AlignLeft : Qt::AlignRight, titles[c]);
    }
    drawHairline(painter, QPointF(0, theme.px(headerHeight) - 1), QPointF(width(), theme.px(headerHeight) - 1),
                 theme.color(Role::hairline));
    const int last = std::min(m_study.pairs(), m_first + visibleRows());
    for (int pair = m_first; pair < last; ++pair) paintRow(painter, pair, theme.px(headerHeight) + (pair - m_first) * rowHeight());
    if (lastFirst() == 0) return;
    // Where one is among more rows than fit.
    const double track = height() - theme.px(headerHeight), share = visibleRows() / static_cast<double>(m_study.pairs());
    painter.fillRect(QRectF(width() - theme.px(3), theme.px(headerHeight) + track * m_first / m_study.pairs(), theme.px(3), track * share),
                     theme.color(Role::controlBorder));
}

void PairTable::paintRow(QPainter& painter, int pair, int top) const {
    const Theme& theme = Theme::instance();
    const RopePair& p = m_study.geometry().pairs()[static_cast<std::size_t>(pair)];
    const bool chosen = pair == m_study.pair();
    if (chosen) painter.fillRect(QRect(0, top, width(), rowHeight()), theme.color(Role::selection));
    const double room = width() - theme.px(10), turns = m_study.trainedLength() / wavelength(p.theta);
    const double angle = m_study.geometry().angle(pair, m_study.distance()) * 180 / std::numbers::pi;
    const auto& ends = columnsIn(width());
    const std::array<QString, columnCount> texts = {
        QString::number(pair),
        QStringLiteral("%1, %2").arg(p.firstChannel).arg(p.secondChannel),
        thetaText(p.theta),
        wavelengthText(wavelength(p.theta)),
        fixed(turns, 2),
        fixed(p.queryLength * p.keyLength, 2),
        fixed(angle, 0) + QStringLiteral("\u00B0"),
        signedFixed(m_study.geometry().term(pair, m_study.distance()), std::max(m_study.decimals(), 3))};
    for (std::size_t c = 0; c < texts.size(); ++c) {
        if (ends[c] < 0) continue;
        painter.setFont(theme.font(TextSize::axis, c == shareColumn));
        painter.setPen(theme.color(c == channelColumn ? Role::muted : Role::text));
        const QRectF box(theme.px(5), top, c == 0 ? room : room * ends[c], rowHeight());
        painter.drawText(box, (c == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, texts[c]);
        if (c != turnColumn || turns >= 1) continue;
        const double used = textWidth(painter.font(), texts[c] + QLatin1Char(' '));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(box.adjusted(0, 0, -used, 0), Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("<1"));
    }
}

void PairTable::mousePressEvent(QMouseEvent* event) {
    const int row = static_cast<int>(event->position().y() - Theme::instance().px(headerHeight)) / rowHeight();
    if (event->position().y() > Theme::instance().px(headerHeight) && m_first + row < m_study.pairs()) m_study.setPair(m_first + row);
}

void PairTable::wheelEvent(QWheelEvent* event) {
    m_first = std::clamp(m_first - event->angleDelta().y() / 120, 0, lastFirst());
    update();
}

void PairTable::keyPressEvent(QKeyEvent* event) {
    const int by = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    if (by != 0)
        m_study.setPair(m_study.pair() + by);
    else if (event->key() == Qt::Key_Home)
        m_study.setPair(0);
    else if (event->key() == Qt::Key_End)
        m_study.setPair(m_study.pairs() - 1);
    else
        QWidget::keyPressEvent(event);
}

ScoreProof::ScoreProof(RopeStudy& study, QWidget* parent) : QWidget(parent), m_study(study) {
    setToolTip(
        tr("The sum over the pairs against what the model computes in float; below, the same q and k moved on together by 1, 10 and 100 "
           "positions: only m \u2212 n counts."));
    connect(&study, &RopeStudy::vectorsChanged, this, &ScoreProof::describe);
    connect(&study, &RopeStudy::positionsChanged, this, &ScoreProof::describe);
    connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
    describe();
}

QSize ScoreProof::sizeHint() const {
    return {Theme::instance().px(240), Theme::instance().px(proofRow * proofRows + 10)};
}

bool ScoreProof::holds() const {
    return m_study.check().equal;
}

QString ScoreProof::verdict() const {
    const ScoreCheck check = m_study.check();
    const QString difference = check.difference == 0 ? QStringLiteral("0") : scientific(check.difference, 0);
    if (check.equal) return tr("\u2713 equal: difference %1").arg(difference);
    if (m_study.rope().pairing != m_study.ownPairing()) return tr("\u00D7 not equal: the model pairs its channels otherwise");
    return tr("\u00D7 not equal: difference %1").arg(difference);
}

void ScoreProof::describe() {
    const ScoreCheck check = m_study.check();
    describePicture(this, tr("Sum of the pairs"),
                    tr("%1; %2 %3; %4").arg(fixed(check.sum, 4), m_study.checkedAgainst(), fixed(check.other, 4), verdict()));
    update();
}

void ScoreProof::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const ScoreCheck check = m_study.check();
    const double row = theme.px(proofRow), left = theme.px(10), room = width() - theme.px(20);
    double top = theme.px(5);
    const auto line = [&](const QString& name, const QString& value) {
        const QRectF box(left, top, room, row);
        painter.setFont(theme.font(TextSize::text));
        painter.setPen(theme.color(Role::text));
        painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, name);
        painter.setFont(theme.font(TextSize::text, true));
        painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, value);
        top += row;
    };
    const QString root = QStringLiteral("\u221A%1").arg(m_study.geometry().headDim());
    line(counted(LAB_PLURAL("positions", "\u03A3 of the %n pair(s), / %1"), m_study.pairs(), {root}), fixed(check.sum, 4));
    line(m_study.checkedAgainst(), fixed(check.other, 4));
    painter.setFont(theme.font(TextSize::text, true));
    painter.setPen(theme.color(check.equal ? Role::right : Role::wrong));
    painter.drawText(QRectF(left, top, room, row), Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(painter.font()).elidedText(verdict(), Qt::ElideRight, static_cast<int>(room)));
    top += row + theme.px(2);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    for (const int by : shifts) {
        const QString text = tr("m %1 \u2192 %2, n %3 \u2192 %4: still")
                                 .arg(m_study.queryPosition())
                                 .arg(m_study.queryPosition() + by)
                                 .arg(m_study.keyPosition())
                                 .arg(m_study.keyPosition() + by);
        painter.drawText(QRectF(left, top, room, theme.px(14)), Qt::AlignLeft | Qt::AlignVCenter, text);
        painter.drawText(QRectF(left, top, room, theme.px(14)), Qt::AlignRight | Qt::AlignVCenter, fixed(m_study.shiftedScore(by), 4));
        top += theme.px(14);
    }
}

}  // namespace lab
