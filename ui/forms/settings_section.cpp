#include "ui/forms/settings_section.h"

#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/forms/field_row.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int headingHeight = 24;
constexpr int foldHeight = 25;
constexpr int fieldLeft = 128;
constexpr int chevronSide = 12;

bool isSeed(const FieldRow* row) {
    return row->field().path.ends_with("seed");
}

}  // namespace

DisclosureButton::DisclosureButton(Kind kind, const QString& text, QWidget* parent) : QAbstractButton(parent), m_kind(kind) {
    setText(text);
    setCheckable(true);
    setChecked(kind == Kind::heading);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize DisclosureButton::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(200), theme.px(m_kind == Kind::heading ? headingHeight : foldHeight)};
}

void DisclosureButton::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    const bool heading = m_kind == Kind::heading;
    QPainter painter(this);
    if (heading) {
        painter.fillRect(rect(), theme.color(underMouse() ? Role::hover : Role::window));
        drawHairline(painter, rect().topLeft(), rect().topRight(), theme.color(Role::hairline));
        drawHairline(painter, rect().bottomLeft(), rect().bottomRight(), theme.color(Role::hairline));
    }
    const Role ink = heading || underMouse() ? Role::text : Role::muted;
    const QFont font = theme.font(TextSize::text, heading);
    const int side = theme.px(chevronSide), gap = theme.px(4);
    // Beneath the fields; a long text begins further left.
    const int room = width() - theme.px(8) - textWidth(font, text()) - gap - side;
    const int left = heading ? theme.px(8) : qMin(theme.px(fieldLeft), room);
    drawGlyph(painter, isChecked() ? Glyph::chevronDown : Glyph::chevronRight, QRectF(left, (height() - side) / 2.0, side, side),
              theme.color(ink));
    painter.setFont(font);
    painter.setPen(theme.color(ink));
    painter.drawText(rect().adjusted(left + side + gap, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, text());
}

SettingsSection::SettingsSection(const QString& title, QWidget* parent)
    : QWidget(parent),
      m_heading(named(".heading", new DisclosureButton(DisclosureButton::Kind::heading, title, this))),
      m_fold(named(".more", new DisclosureButton(DisclosureButton::Kind::fold, {}, this))),
      m_layout(new QVBoxLayout(this)) {
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addWidget(m_heading);
    m_layout->addWidget(m_fold);
    m_heading->setToolTip(tr("Show or hide the section %1").arg(title));
    connect(m_heading, &QAbstractButton::toggled, this, &SettingsSection::apply);
    connect(m_fold, &QAbstractButton::toggled, this, &SettingsSection::apply);
}

void SettingsSection::add(FieldRow* row) {
    // Common rows stand above the fold, and of these the seeds last: they choose a sample, not a setting.
    const auto rank = [](const FieldRow* r) { return r->field().common ? (isSeed(r) ? 1 : 0) : 2; };
    const auto place = std::ranges::upper_bound(m_rows, rank(row), {}, rank);
    const auto index = static_cast<int>(place - m_rows.begin());
    m_rows.insert(place, row);
    const int above = 1 + index + (rank(row) == 2 ? 1 : 0);
    m_layout->insertWidget(above, row);
}

void SettingsSection::arrange(const Experiment& draft) {
    m_draft = draft;
    apply();
}

void SettingsSection::apply() {
    std::vector<FieldRow*> folded;
    for (FieldRow* row : m_rows) {
        const bool applies = row->field().isApplicable(m_draft);
        if (applies && !row->field().common) folded.push_back(row);
        const bool open = row->field().common || m_fold->isChecked() || !row->problem().isEmpty();
        row->setVisible(applies && m_heading->isChecked() && open);
    }
    m_fold->setText(foldText(folded));
    m_fold->setVisible(m_heading->isChecked() && !folded.empty());
    m_fold->update();
    m_layout->activate();  // at once, so that rows never overlap, not even for one frame
}

QString SettingsSection::foldText(const std::vector<FieldRow*>& folded) const {
    const auto count = static_cast<int>(folded.size());
    const auto changed = std::ranges::count_if(folded, &FieldRow::isChanged);
    if (changed > 0) return tr("%1 more, %2 changed").arg(count).arg(changed);
    // Name and sentence are never settings.
    const bool allDefault = std::ranges::all_of(
        folded, [this](const FieldRow* row) { return row->field().group == "experiment" || row->field().isDefault(m_draft); });
    return allDefault ? tr("%1 more, all at default").arg(count) : tr("%1 more, as in the preset").arg(count);
}

}  // namespace lab
