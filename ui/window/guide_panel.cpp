#include "ui/window/guide_panel.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>

#include "core/pretrained/model_guide.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int guideWidth = 320, guideMargin = 12;  // logical px at 100 %
constexpr std::size_t headsInRow = 4;

/// In the reader's language; the context is the folder of the files (resources/translations/update.py).
QString guideText(const std::string& text) {
    return QCoreApplication::translate("guides", text.c_str());
}

ThemedLabel* paragraph(const QString& text, TextSize size, Role role, bool bold = false) {
    auto* label = new ThemedLabel(text, size, role, bold);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setFocusPolicy(Qt::NoFocus);
    return label;
}

}  // namespace

GuidePanel::GuidePanel(QWidget* parent) : QWidget(parent) {
    setControlName(*this, QStringLiteral("guide.panel"));
    m_title = paragraph(tr("What to look for"), TextSize::text, Role::text, true);
    m_close = named("guide.close", new Button(QStringLiteral("\u00d7")));
    m_close->setAccessibleName(tr("Close what to look for"));
    m_close->setFlatLook(true);
    m_area = named("guide.text", new QScrollArea);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->viewport()->setAutoFillBackground(false);
    auto* column = new QVBoxLayout(this);
    auto* first = new QHBoxLayout;
    first->addWidget(m_title, 1);
    first->addWidget(m_close, 0, Qt::AlignTop);
    column->addLayout(first);
    column->addWidget(m_area, 1);
    keepSpacing(column, {guideMargin, 6, guideMargin, guideMargin}, 8);
    connect(m_close, &Button::clicked, this, &GuidePanel::closeWanted);
    followTheme(this, &GuidePanel::applyMeasures);
}

void GuidePanel::setGuide(const ModelGuide& guide) {
    m_title->setText(tr("What to look for in %1").arg(guideText(guide.name)));
    QWidget* body = makeBody(guide);
    m_area->setWidget(body);
    body->setAutoFillBackground(false);
}

QWidget* GuidePanel::makeBody(const ModelGuide& guide) {
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->addWidget(paragraph(guideText(guide.about), TextSize::text, Role::text));
    for (std::size_t i = 0; i < guide.items.size(); ++i) {
        const ModelGuide::Item& item = guide.items[i];
        column->addWidget(paragraph(guideText(item.title), TextSize::text, Role::text, true));
        column->addWidget(paragraph(guideText(item.about), TextSize::text, Role::text));
        QHBoxLayout* row = nullptr;
        for (std::size_t h = 0; h < item.heads.size(); ++h) {
            if (h % headsInRow == 0) {
                row = new QHBoxLayout;
                row->setAlignment(Qt::AlignLeft);
                column->addLayout(row);
                keepSpacing(row, {}, 6);
            }
            const QString name = tr("L%1 H%2").arg(item.heads[h].layer).arg(item.heads[h].head);
            auto* button = named(QStringLiteral("guide.item_%1.head_%2").arg(i).arg(h), new Button(name));
            button->setToolTip(item.sentence.empty() ? tr("Show this head") : tr("Show this head on: %1").arg(qt(item.sentence)));
            button->setAccessibleDescription(guideText(item.title));
            connect(button, &Button::clicked, this, [this, i, h] { emit headWanted(i, h); });
            row->addWidget(button);
        }
    }
    column->addWidget(paragraph(guideText(guide.note), TextSize::axis, Role::muted));
    for (const std::string& command : guide.commands) column->addWidget(paragraph(qt(command), TextSize::caption, Role::muted));
    column->addStretch(1);
    keepSpacing(column, {0, 2, 6, 2}, 8);
    return body;
}

void GuidePanel::applyMeasures() {
    setFixedWidth(Theme::instance().px(guideWidth));
}

void GuidePanel::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, rect().topRight(), rect().bottomRight(), theme.color(Role::hairline));
}

}  // namespace lab
