#include "ui/window/likely_row.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QSignalBlocker>
#include <QSpinBox>
#include <algorithm>

#include "core/analysis/likeliest.h"
#include "core/config/experiment.h"
#include "ui/scenes/piece_chips.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/bar_label.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/table/table_column.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int likelyGap = 12, likelyItem = 166, likelyWord = 56, likelyPiece = 84, likelyShare = 42, likelyBar = 8, likelyLine = 23,
              likelyWhere = 190;
constexpr std::size_t likelyColumns = LikelyRow::shownTokens / LikelyRow::shownLines;

}  // namespace

LikelyTokens::LikelyTokens(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    describePicture(this, tr("Likeliest tokens"));
}

void LikelyTokens::setItems(std::vector<Item> items, const QString& where) {
    QStringList said;
    for (const Item& item : items) said << tr("%1 %2").arg(item.text, percent(item.probability));
    describePicture(this, tr("Likeliest tokens %1").arg(where), said.join(QStringLiteral(", ")));
    setToolTip(said.join(QLatin1Char('\n')));
    if (m_items == items) return;
    m_items = std::move(items);
    update();
}

QSize LikelyTokens::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {static_cast<int>(likelyColumns) * theme.px(likelyItem), static_cast<int>(LikelyRow::shownLines) * theme.px(likelyLine)};
}

QSize LikelyTokens::minimumSizeHint() const {
    return {sizeHint().width() / 2, sizeHint().height()};
}

void LikelyTokens::paintItem(QPainter& painter, const QRectF& room, const Item& item, bool first) const {
    const Theme& theme = Theme::instance();
    const double word = std::min<double>(theme.px(item.piece ? likelyPiece : likelyWord), room.width() * 0.5),
                 share = theme.px(likelyShare), gap = theme.px(4);
    if (item.piece) {
        const double width = std::min<double>(textChipWidth(*item.piece, ChipSize::table), word), height = textChipHeight(ChipSize::table);
        painter.save();
        painter.setClipRect(QRectF(room.left(), room.top(), word, room.height()));
        paintTextChip(painter, QRectF(room.left() + word - width, room.center().y() - height / 2, width, height), *item.piece,
                      {.size = ChipSize::table});
        painter.restore();
    } else {
        painter.setPen(theme.color(Role::text));
        painter.setFont(theme.font(TextSize::text, first));
        drawElided(painter, QRectF(room.left(), room.top(), word, room.height()), Qt::AlignRight, item.text);
    }
    const double bar = theme.px(likelyBar), track = room.width() - word - share - 3 * gap, left = room.left() + word + gap;
    if (track > 0) paintTableBar(painter, QRectF(left, room.center().y() - bar / 2, track, bar), item.probability);
    if (item.truth)
        painter.fillRect(QRectF(left, room.center().y() + bar / 2 + 1, std::max(track, 0.0), theme.px(2)), theme.color(Role::right));
    painter.setPen(theme.color(Role::muted));
    painter.setFont(theme.font(TextSize::axis));
    drawElided(painter, QRectF(room.right() - share - gap, room.top(), share, room.height()), Qt::AlignLeft, percent(item.probability, 0));
}

void LikelyTokens::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const double wide = static_cast<double>(width()) / static_cast<double>(likelyColumns),
                 high = static_cast<double>(height()) / static_cast<double>(LikelyRow::shownLines);
    for (std::size_t i = 0; i < m_items.size(); ++i)
        paintItem(painter, QRectF(static_cast<double>(i % likelyColumns) * wide, static_cast<double>(i / likelyColumns) * high, wide, high),
                  m_items[i], i == 0);
}

LikelyRow::LikelyRow(Focus& focus, QWidget* parent)
    : QWidget(parent), m_focus(focus), m_position(named("window.likely.position", new QSpinBox)), m_tokens(new LikelyTokens) {
    setAccessibleName(tr("Likeliest tokens"));
    setAround(*m_position, tr("position %1"));
    m_position->setAccessibleName(tr("Position whose likeliest tokens are shown"));
    m_position->setToolTip(tr("Click a prediction to choose its position"));
    m_where = new ElidedLabel({}, TextSize::text, Role::muted);
    m_standing = new ElidedLabel({}, TextSize::caption, Role::muted);
    auto* close = named("window.likely.close", new Button(tr("Close")));
    close->setFocusPolicy(Qt::TabFocus);
    auto* row = new QHBoxLayout(this);
    row->addWidget(new BarLabel({tr("Likeliest")}));
    row->addWidget(m_position);
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    words->addStretch();
    words->addWidget(m_where);
    words->addWidget(m_standing);
    words->addStretch();
    row->addLayout(words);
    row->addWidget(m_tokens);
    row->addStretch();
    row->addWidget(close);
    connect(close, &QAbstractButton::clicked, this, &LikelyRow::closeWanted);
    connect(m_position, &QSpinBox::valueChanged, this, &LikelyRow::takePosition);
    connect(&m_focus, &Focus::inputChanged, this, &LikelyRow::refresh);
    connect(&m_focus, &Focus::traceChanged, this, &LikelyRow::refresh);
    followTheme(this, &LikelyRow::applyMeasures);
    hide();
}

void LikelyRow::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setContentsMargins(0, 1, theme.px(likelyGap), 0);
    layout()->setSpacing(theme.px(likelyGap) - theme.px(4));
    for (ThemedLabel* label : {m_where, m_standing}) label->setFixedWidth(theme.px(likelyWhere));
    m_tokens->updateGeometry();
}

void LikelyRow::setOwn(const OwnInput* own) {
    m_own = own;
    m_atEnd = true;
    refresh();
}

int LikelyRow::position() const {
    return m_position->value();
}

void LikelyRow::choose(int position) {
    m_position->setValue(position);
    takePosition(m_position->value());
}

void LikelyRow::takePosition(int position) {
    m_atEnd = position == m_position->maximum();
    refresh();
    emit positionChanged(position);
}

/// Where logits stand.
const std::vector<int>& LikelyRow::readTokens() const {
    return m_focus.input().targetTokens.empty() ? m_focus.input().tokens : m_focus.input().targetTokens;
}

QString LikelyRow::where() const {
    return m_where->text();
}

void LikelyRow::refresh() {
    if (isHidden()) return;
    const std::vector<int>& read = readTokens();
    const int last = std::max(static_cast<int>(read.size()) - 1, 0);
    {
        const QSignalBlocker still(m_position);
        const int before = m_position->value();
        m_position->setRange(0, last);
        if (m_atEnd) m_position->setValue(last);
        if (m_position->value() != before) emit positionChanged(m_position->value());
    }
    const auto at = static_cast<std::size_t>(m_position->value());
    const Run* run = m_focus.run();
    const bool known = m_own && run && at < read.size();
    const bool encoder = known && run->experiment().model.architecture == Architecture::encoder;
    const std::vector<int>& targets = m_focus.input().targets;
    const bool left = encoder && at < targets.size() && targets[at] < 0 && std::ranges::any_of(targets, [](int each) { return each >= 0; });
    const QString words = left ? tr("for %1, not asked") : encoder ? tr("for %1") : tr("behind %1");
    m_where->setText(known ? words.arg(m_own->vectors() ? m_own->words().at(m_focus.input(), at) : m_own->text(read[at])) : QString());
    if (!m_focus.trace() && m_focus.traceError().isEmpty() && known) return;  // they are on their way
    m_tokens->setItems(known ? itemsOf(m_position->value()) : std::vector<LikelyTokens::Item>(), m_where->text());
    m_standing->setText(known ? standingAt(m_position->value()) : QString());
    m_standing->setHidden(m_standing->text().isEmpty());
}

std::vector<LikelyTokens::Item> LikelyRow::itemsOf(int position) const {
    std::vector<LikelyTokens::Item> items;
    if (!m_own || !m_focus.trace() || m_own->words().numbers()) return items;
    const bool pieces = m_own->isText() && !m_own->vectors();
    const int truth = truthAt(position);
    for (const LikelyClass& found : likeliest(*m_focus.trace(), position, shownTokens)) {
        LikelyTokens::Item item{m_own->text(found.id), found.probability};
        if (pieces) item.piece = pieceChip(m_own->words().tokenizer(), found.id);
        item.truth = found.id == truth;
        items.push_back(std::move(item));
    }
    return items;
}

/// -1: nothing is known.
int LikelyRow::truthAt(int position) const {
    const std::vector<int>& targets = m_focus.input().targets;
    return position >= 0 && position < std::ssize(targets) ? targets[static_cast<std::size_t>(position)] : -1;
}

QString LikelyRow::standingAt(int position) const {
    const int truth = truthAt(position);
    const auto standing = truth >= 0 && m_focus.trace() ? standingOf(*m_focus.trace(), position, truth) : std::nullopt;
    if (!standing) return {};
    const QString words = m_own->isText() ? tr("the text has %1: place %2, %3") : tr("right is %1: place %2, %3");
    return words.arg(m_own->text(truth), grouped(standing->rank), percent(standing->probability));
}

QString LikelyRow::standing() const {
    return m_standing->text();
}

QString LikelyRow::storyOf(int position) const {
    QStringList lines;
    for (const LikelyTokens::Item& item : itemsOf(position)) lines << tr("%1 %2").arg(percent(item.probability), item.text);
    const QString standing = lines.isEmpty() ? QString() : standingAt(position);
    if (!standing.isEmpty()) lines << standing;
    return lines.join(QLatin1Char('\n'));
}

void LikelyRow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    drawHairline(painter, QPointF(0, 0), QPointF(width(), 0), Theme::instance().color(Role::hairline));
}

}  // namespace lab
