#include "ui/pages/codes/claims_view.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/text/language.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

using goedel::Judgement;

constexpr Judgement judgements[] = {Judgement::isTrue, Judgement::halfTrue, Judgement::isFalse};
constexpr int claimWidth = 200;  // least, logical px at 100 %

ThemedLabel* wrapped(const QString& text, TextSize size, Role role, bool bold) {
    auto* label = new ThemedLabel(text, size, role, bold);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    return label;
}

QString nameOf(const goedel::Parallel& claim) {
    return QStringLiteral("codes.claims.") + qt(claim.id);
}

}  // namespace

ClaimRow::ClaimRow(const goedel::Parallel& claim, QWidget* parent) : QWidget(parent), m_claim(claim) {
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);
    auto* lines = new QVBoxLayout(this);
    auto* choices = new QHBoxLayout;
    for (const Judgement judgement : judgements) {
        const int number = static_cast<int>(judgement) + 1;
        auto* button =
            named(QStringLiteral("%1.%2").arg(nameOf(claim)).arg(number), new Button(shown(Message(goedel::judgementText(judgement)))));
        button->setCheckable(true);
        button->setHeight(20);
        button->setKeycap(QString::number(number));
        button->setFocusPolicy(Qt::ClickFocus);  // the row has keys for all three
        connect(button, &QPushButton::clicked, this, [this, judgement] { emit judged(judgement); });
        choices->addWidget(button);
        m_choices.push_back(button);
    }
    choices->addStretch(1);
    m_verdict = wrapped({}, TextSize::text, Role::text, true);
    m_why = wrapped({}, TextSize::text, Role::text, false);
    m_numbers = new TextTable(shown(Message(claim.claim)));
    m_numbers->setColumns({tr("computed here"), QString()}, {0.62, 0.38});
    lines->addWidget(wrapped(quoted(shown(Message(claim.claim))), TextSize::text, Role::text, true));
    lines->addLayout(choices);
    for (QWidget* part : std::initializer_list<QWidget*>{m_verdict, m_why, m_numbers}) lines->addWidget(part);
    keepSpacing(choices, 4);
    keepSpacing(lines, {10, 6, 10, 8}, 4);
    setAccessibleName(shown(Message(claim.claim)));
    followTheme(this, [this] { m_numbers->setFixedHeight(m_numbers->fullHeight()); });
}

QSize ClaimRow::minimumSizeHint() const {
    return {Theme::instance().px(claimWidth), QWidget::minimumSizeHint().height()};
}

QString ClaimRow::verdict() const {
    return m_verdict->isHidden() ? QString() : m_verdict->text();
}

void ClaimRow::setState(std::optional<Judgement> judged, const CodedSequence& sequence) {
    for (std::size_t i = 0; i < m_choices.size(); ++i) m_choices[i]->setChecked(judged == judgements[i]);
    if (m_of == sequence && m_judged == judged) return;
    m_of = sequence;
    m_judged = judged;
    m_verdict->setVisible(judged.has_value());
    m_why->setVisible(judged.has_value());
    const auto numbers = judged && m_claim.shown && sequence.alphabet ? m_claim.shown(sequence.symbols, sequence.alphabet->size())
                                                                      : std::vector<std::pair<Message, Message>>();
    m_numbers->setVisible(!numbers.empty());
    setAccessibleDescription(judged ? QString() : tr("Judge first; why and the numbers come after."));
    if (!judged) return;
    const bool right = *judged == m_claim.judgement;
    const QString is = shown(Message(goedel::judgementText(m_claim.judgement)));
    m_verdict->setRole(verdictRole(right));
    m_verdict->setText(verdictText(right, right ? tr("Right: %1").arg(is) : tr("Not so: %1").arg(is)));
    m_why->setText(shown(Message(m_claim.why)));
    setAccessibleDescription(sentences({m_verdict->text(), m_why->text()}));
    std::vector<TextTable::Row> rows;
    for (const auto& [what, value] : numbers) rows.push_back({{shown(what), shown(value)}});
    m_numbers->setRows(std::move(rows));
    m_numbers->setFixedHeight(m_numbers->fullHeight());
}

bool ClaimRow::takes(const QKeyEvent& event) const {
    const int key = event.key();
    const bool judges = key >= Qt::Key_1 && key < Qt::Key_1 + static_cast<int>(std::size(judgements));
    return !(event.modifiers() & ~Qt::KeypadModifier) && (judges || key == Qt::Key_Up || key == Qt::Key_Down);
}

/// These keys are the row's, not the window's shortcuts.
bool ClaimRow::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && takes(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void ClaimRow::keyPressEvent(QKeyEvent* event) {
    if (!takes(*event)) return QWidget::keyPressEvent(event);
    if (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)
        emit left(event->key() == Qt::Key_Up ? -1 : 1);
    else
        emit judged(judgements[event->key() - Qt::Key_1]);
}

void ClaimRow::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    drawHairline(painter, QPointF(0, height() - 1), QPointF(width(), height() - 1), theme.color(Role::hairline));
    if (hasFocus() && FocusRing::byKeyboard()) drawFocusRing(painter, QRectF(rect()).adjusted(5, 5, -5, -6), theme.px(3));
}

ClaimsView::ClaimsView(CodesState& state, QWidget* parent) : QWidget(parent), m_state(state) {
    auto* body = new QWidget;
    auto* lines = column(body);
    for (const goedel::Parallel& claim : goedel::parallels()) {
        if (m_rows.empty() || m_rows.back()->claim().kind != claim.kind) {
            ThemedLabel* heading = wrapped(shown(Message(goedel::parallelKindText(claim.kind))), TextSize::caption, Role::muted, false);
            heading->setContentsMargins(10, 8, 10, 0);
            lines->addWidget(heading);
        }
        auto* row = named(nameOf(claim), new ClaimRow(claim, body));
        const std::size_t index = m_rows.size();
        connect(row, &ClaimRow::judged, this, [this, id = std::string(claim.id)](Judgement judgement) { m_state.judge(id, judgement); });
        connect(row, &ClaimRow::left, this, [this, index](int by) { move(index, by); });
        lines->addWidget(row);
        m_rows.push_back(row);
    }
    lines->addStretch(1);
    m_area = new QScrollArea;
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setWidgetResizable(true);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setWidget(body);
    body->setAutoFillBackground(false);
    m_area->viewport()->setAutoFillBackground(false);
    column(this)->addWidget(m_area);
}

void ClaimsView::move(std::size_t from, int by) {
    const auto last = static_cast<std::ptrdiff_t>(m_rows.size()) - 1;
    const auto to = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(from) + by, 0, last);
    ClaimRow* row = m_rows[static_cast<std::size_t>(to)];
    row->setFocus(Qt::TabFocusReason);
    m_area->ensureWidgetVisible(row);
}

bool ClaimsView::show(const std::string& id) {
    const auto found = std::ranges::find(m_rows, id, [](const ClaimRow* row) { return row->claim().id; });
    if (found == m_rows.end()) return false;
    (*found)->setFocus(Qt::OtherFocusReason);
    m_area->ensureWidgetVisible(*found);
    return true;
}

void ClaimsView::refresh() {
    for (ClaimRow* row : m_rows) {
        const auto found = m_state.value().judged.find(row->claim().id);
        row->setState(found == m_state.value().judged.end() ? std::nullopt : std::optional(found->second), m_state.sequence());
    }
}

QString ClaimsView::count() const {
    const auto& judged = m_state.value().judged;
    const auto right = std::ranges::count_if(judged, [](const auto& each) {
        const goedel::Parallel* claim = goedel::findParallel(each.first);
        return claim && claim->judgement == each.second;
    });
    if (judged.empty()) return tr("%1 to judge").arg(m_rows.size());
    return tr("%1 of %2 judged, %3 right").arg(judged.size()).arg(m_rows.size()).arg(right);
}

}  // namespace lab
