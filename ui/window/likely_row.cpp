#include "ui/window/likely_row.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QSignalBlocker>
#include <QSpinBox>
#include <algorithm>

#include "core/analysis/likeliest.h"
#include "core/config/experiment.h"
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
constexpr int likelyGap = 12, likelyItem = 148, likelyWord = 56, likelyShare = 42, likelyBar = 8, likelyHeight = 24, likelyWhere = 130;

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
    return {static_cast<int>(LikelyRow::shownTokens) * theme.px(likelyItem), theme.px(likelyHeight)};
}

QSize LikelyTokens::minimumSizeHint() const {
    return {sizeHint().width() / 2, sizeHint().height()};
}

void LikelyTokens::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const double item = static_cast<double>(width()) / static_cast<double>(LikelyRow::shownTokens);
    const double word = std::min<double>(theme.px(likelyWord), item * 0.4), share = theme.px(likelyShare), gap = theme.px(4);
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const double left = static_cast<double>(i) * item;
        painter.setPen(theme.color(Role::text));
        painter.setFont(theme.font(TextSize::text, i == 0));
        drawElided(painter, QRectF(left, 0, word, height()), Qt::AlignRight, m_items[i].text);
        const double bar = theme.px(likelyBar), track = item - word - share - 3 * gap;
        if (track > 0) paintTableBar(painter, QRectF(left + word + gap, (height() - bar) / 2, track, bar), m_items[i].probability);
        painter.setPen(theme.color(Role::muted));
        painter.setFont(theme.font(TextSize::axis));
        drawElided(painter, QRectF(left + item - share - gap, 0, share, height()), Qt::AlignLeft, percent(m_items[i].probability, 0));
    }
}

LikelyRow::LikelyRow(Focus& focus, QWidget* parent)
    : QWidget(parent), m_focus(focus), m_position(named("window.likely.position", new QSpinBox)), m_tokens(new LikelyTokens) {
    setAccessibleName(tr("Likeliest tokens"));
    setAround(*m_position, tr("position %1"));
    m_position->setAccessibleName(tr("Position whose likeliest tokens are shown"));
    m_position->setToolTip(tr("Click a prediction to choose its position"));
    m_where = new ElidedLabel({}, TextSize::text, Role::muted);
    auto* close = named("window.likely.close", new Button(tr("Close")));
    close->setFocusPolicy(Qt::TabFocus);
    auto* row = new QHBoxLayout(this);
    row->addWidget(new BarLabel({tr("Likeliest")}));
    row->addWidget(m_position);
    row->addWidget(m_where);
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
    m_where->setFixedWidth(theme.px(likelyWhere));
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
    std::vector<LikelyTokens::Item> items;
    if (known && m_focus.trace() && !m_own->words().numbers())
        for (const LikelyClass& found : likeliest(*m_focus.trace(), m_position->value(), shownTokens))
            items.push_back({m_own->text(found.id), found.probability});
    m_tokens->setItems(std::move(items), m_where->text());
}

void LikelyRow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    drawHairline(painter, QPointF(0, 0), QPointF(width(), 0), Theme::instance().color(Role::hairline));
}

}  // namespace lab
