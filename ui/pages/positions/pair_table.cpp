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
#include "ui/widgets/paint.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr StillTable::Look pairTableLook{.leastRow = 18, .fullRow = 30, .overflow = StillTable::Overflow::scrolled, .formulas = true};
constexpr int usualRow = 23;
constexpr int pairTableMargin = 5;
constexpr int proofRow = 17;
constexpr int proofRows = 6;
constexpr std::array<int, 3> shifts = {1, 10, 100};

constexpr int pairTableRoomForAll = 380;

constexpr std::size_t columnCount = 8;
/// Right edges of the columns as shares of the width, negative where a narrow table leaves one out; the first is left-aligned.
constexpr std::array<double, columnCount> allColumns = {0.06, 0.19, 0.315, 0.485, 0.625, 0.735, 0.85, 1.0};
constexpr std::array<double, columnCount> fewColumns = {0.1, 0.33, 0.55, -1, -1, -1, 0.75, 1.0};

QString thetaText(double theta) {
    return theta >= 0.001 ? fixed(theta, 3) : scientific(theta, 1);
}

QString wavelengthText(double tokens) {
    return tokens < 10000 ? fixed(tokens, tokens < 1000 ? 1 : 0) : compact(tokens);
}

}  // namespace

PairTable::PairTable(RopeStudy& study, QWidget* parent) : StillTable(pairTableLook, parent), m_study(study) {
    setFocusPolicy(Qt::StrongFocus);
    setToolTip(tr(
        "\u03B8: angle a position adds. Wavelength: tokens a turn, 2\u03C0 / \u03B8. Turns: within the training length. "
        "Angle: \u2220q \u2212 \u2220k + (m \u2212 n) \u03B8, \u2220 being where an arrow points. Adds: \u03BA\u00B2 |q||k| cos(angle) / "
        "\u221A"
        "d\u2095; \u03BA is the attention factor of YaRN and LongRoPE, else 1."));
    nameColumns();
    connect(&study, &RopeStudy::vectorsChanged, this, &PairTable::describe);
    connect(&study, &RopeStudy::positionsChanged, this, &PairTable::describe);
    describe();
}

void PairTable::nameColumns() {
    using Pair = const RopePair&;
    std::vector<TableColumn> columns;
    const auto add = [&](const QString& title, const std::function<TableCell(Pair, int)>& cell) {
        columns.push_back({"", title});
        columns.back().cell = [this, cell](std::size_t row) { return cell(m_study.geometry().pairs()[row], static_cast<int>(row)); };
    };
    add(tr("pair"), [](Pair, int pair) { return TableCell{QString::number(pair)}; });
    add(tr("channels"), [](Pair p, int) {
        return TableCell{QStringLiteral("%1, %2").arg(p.firstChannel).arg(p.secondChannel), Role::muted};
    });
    add(QStringLiteral("\u03B8_{p}"), [](Pair p, int) { return TableCell{thetaText(p.theta)}; });
    add(tr("wavelength"), [](Pair p, int) { return TableCell{wavelengthText(wavelength(p.theta))}; });
    add(tr("turns"), [this](Pair p, int) {
        const double turns = m_study.trainedLength() / wavelength(p.theta);
        TableCell cell{fixed(turns, 2)};
        if (turns < 1) cell.before = QStringLiteral("<1");
        return cell;
    });
    add(tr("|q||k|"), [](Pair p, int) { return TableCell{fixed(p.queryLength * p.keyLength, 2)}; });
    add(tr("angle"), [this](Pair, int pair) {
        return TableCell{fixed(m_study.geometry().angle(pair, m_study.distance()) * 180 / std::numbers::pi, 0) + QStringLiteral("\u00B0")};
    });
    add(tr("adds"), [this](Pair, int pair) {
        return TableCell{signedFixed(m_study.geometry().term(pair, m_study.distance()), std::max(m_study.decimals(), 3)), Role::text, true};
    });
    columns.front().side = Qt::AlignLeft;
    columns.back().strong = true;
    setColumns(std::move(columns));
}

void PairTable::describe() {
    const int pair = m_study.pair();
    setRowCount(m_study.pairs());
    if (pair != m_shownPair) {
        m_shownPair = pair;
        if (pair < first()) setFirst(pair);
        if (pair >= first() + fittingRows()) setFirst(pair - std::max(fittingRows(), 1) + 1);
    }
    if (m_study.pairs() == 0) return;
    const RopePair& p = m_study.geometry().pairs()[static_cast<std::size_t>(pair)];
    describePicture(this, tr("Numbers of the pairs"),
                    tr("pair %1, channels %2 and %3, \u03B8 %4, wavelength %5, adds %6")
                        .arg(QString::number(pair), QString::number(p.firstChannel), QString::number(p.secondChannel), thetaText(p.theta),
                             wavelengthText(wavelength(p.theta)), signedFixed(m_study.geometry().term(pair, m_study.distance()), 3)));
}

QSize PairTable::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(410), theme.px(pairTableLook.header + usualRow * std::clamp(m_study.pairs(), 1, 8))};
}

QSize PairTable::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(270), theme.px(pairTableLook.header + 3 * pairTableLook.leastRow)};
}

std::vector<QRectF> PairTable::rooms(const QRectF& line) const {
    const Theme& theme = Theme::instance();
    const double room = line.width() - theme.px(2 * pairTableMargin);
    std::vector<QRectF> places;
    for (const double end : width() >= theme.px(pairTableRoomForAll) ? allColumns : fewColumns)
        places.emplace_back(theme.px(pairTableMargin), line.top(), std::max(room * end, 0.0), line.height());
    return places;
}

std::optional<Role> PairTable::groundOf(int row) const {
    return row == m_study.pair() ? std::optional(Role::selection) : std::nullopt;
}

void PairTable::paintEvent(QPaintEvent* event) {
    StillTable::paintEvent(event);
    if (lastFirst() == 0) return;
    // Where one is among more rows than fit.
    const Theme& theme = Theme::instance();
    const double track = height() - headerHeight(), share = std::max(fittingRows(), 1) / static_cast<double>(rowCount());
    QPainter(this).fillRect(QRectF(width() - theme.px(3), headerHeight() + track * first() / rowCount(), theme.px(3), track * share),
                            theme.color(Role::controlBorder));
}

void PairTable::mousePressEvent(QMouseEvent* event) {
    if (const int row = rowAt(event->position().toPoint()); row >= 0) m_study.setPair(row);
}

void PairTable::wheelEvent(QWheelEvent* event) {
    setFirst(first() - event->angleDelta().y() / 120);
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
    connect(&study, &RopeStudy::vectorsChanged, this, &ScoreProof::describe);
    connect(&study, &RopeStudy::positionsChanged, this, &ScoreProof::describe);
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
    const QString difference = differenceText(check.difference);
    if (check.equal) return verdictText(true, tr("equal: difference %1").arg(difference));
    const bool otherPairs = m_study.rope().pairing != m_study.ownPairing();
    return verdictText(
        false, otherPairs ? tr("not equal: the model pairs its channels otherwise") : tr("not equal: difference %1").arg(difference));
}

void ScoreProof::describe() {
    setToolTip(
        sentences({tr("The sum over the pairs against the same computed in float; below, the same q and k moved on together by 1, 10 "
                      "and 100 positions: for this sum only m \u2212 n counts."),
                   m_study.otherScores()}));
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
    const QString root = attentionFactorText(m_study.geometry()) + QStringLiteral(" / \u221A%1").arg(m_study.geometry().headDim());
    line(counted(LAB_PLURAL("positions", "\u03A3 of the %n pair(s),%1"), m_study.pairs(), {root}), fixed(check.sum, 4));
    line(m_study.checkedAgainst(), fixed(check.other, 4));
    painter.setFont(theme.font(TextSize::text, true));
    painter.setPen(theme.color(verdictRole(check.equal)));
    drawElided(painter, QRectF(left, top, room, row), Qt::AlignLeft, verdict());
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
