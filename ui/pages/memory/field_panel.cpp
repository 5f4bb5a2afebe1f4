#include "ui/pages/memory/field_panel.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "core/base/number_text.h"
#include "ui/pages/memory/field_bars.h"
#include "ui/pages/memory/paragraph.h"
#include "ui/pages/memory/pattern_pad.h"
#include "ui/pages/memory/pattern_picture.h"
#include "ui/pages/memory/recall_figure.h"
#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int lineGap = 2, padPixel = 8;                                      // logical px at 100 %
constexpr double figureWidth = 560, figureHeight = 220, fieldPictureSide = 176;  // logical px

std::vector<FieldPart> partsOf(const RecallStudy& study, const States& state, int pixel) {
    const std::vector<double> shares = study.net->fieldParts(state, pixel);
    std::vector<FieldPart> parts;
    for (std::size_t i = 0; i < shares.size(); ++i) parts.push_back({QString::fromStdString(study.value.patterns[i].name), shares[i]});
    return parts;
}

std::unique_ptr<Figure> fieldFigure(const RecallStudyPtr& study, int shown, int pixel, const QString& story) {
    const States state = study->recall.stateAfter(shown);
    const std::vector<FieldPart> parts = partsOf(*study, state, pixel);
    const double sum = study->net->field(state, pixel);
    auto figure = std::make_unique<PartsFigure>();
    figure->title = FieldPanel::tr("Why a pixel flips");
    figure->caption =
        subjectCaption(memorySubject(study->value), FieldPanel::tr("Local field after update %1").arg(shown)) + QLatin1Char(' ') + story;
    figure->body = QSizeF(figureWidth, figureHeight);
    figure->parts.push_back(
        {QString(), QRectF(0, 0, fieldPictureSide, figureHeight), nullptr, nullptr,
         [=](QPainter& painter, const QSizeF& room) {
             paintPattern(painter, QRectF(QPointF(3, 3), room - QSizeF(6, 6)), study->pictureOf(state), {&study->chosen(), pixel});
         },
         true});
    figure->parts.push_back(
        {QString(), QRectF(fieldPictureSide + panelGap, 0, figureWidth - fieldPictureSide - panelGap, figureHeight), nullptr, nullptr,
         [=](QPainter& painter, const QSizeF& room) { FieldBars::paint(painter, QRectF(QPointF(), room), parts, sum); }});
    figure->numbers.header = {"pattern", "part"};
    for (const FieldPart& part : parts) figure->numbers.rows.push_back({part.name.toStdString(), numberText(part.value)});
    figure->numbers.rows.push_back({"sum", numberText(sum)});
    return figure;
}

}  // namespace

FieldPanel::FieldPanel(QWidget* parent) : PanelFrame(tr("The state, and why a pixel flips"), parent) {
    m_state = named("memory.recall.state", new PatternPad(tr("State of the net"), padPixel));
    m_state->setDrawable(false);
    m_state->setToolTip(tr("A click, or the arrows, holds a pixel; Escape lets it go"));
    m_caption = new ElidedLabel({}, TextSize::caption, Role::muted);
    m_caption->setAlignment(Qt::AlignHCenter);
    m_story = new Paragraph(3, TextSize::axis);
    m_bars = new FieldBars;
    m_bars->setToolTip(
        tr("h\u1D62 = \u03A3\u2C7C W\u1D62\u2C7C s\u2C7C, taken apart by the patterns that made W. Hebb: every pattern adds its own pixel, "
           "weighted by its overlap with all other pixels of the state, since W\u1D62\u1D62 = 0 (Hopfield 1982). A rule that keeps the "
           "diagonal adds W\u1D62\u1D62 s\u1D62, the pixel\u2019s own state."));
    auto* body = new QWidget;
    auto* layout = new QHBoxLayout(body);
    keepSpacing(layout, QMargins(panelGap, panelGap, panelGap, panelGap), panelGap);
    auto* left = new QWidget;
    QVBoxLayout* picture = column(left);
    keepSpacing(picture, lineGap);
    picture->addWidget(m_state);
    picture->addWidget(m_caption);
    picture->addStretch(1);
    auto* right = new QWidget;
    QVBoxLayout* words = column(right);
    keepSpacing(words, lineGap);
    words->addWidget(m_story);
    words->addWidget(m_bars, 1);
    layout->addWidget(left);
    layout->addWidget(right, 1);
    setContent(body);
    connect(m_state, &PatternPad::pixelChosen, this, &FieldPanel::hold);
    followTheme(this, &FieldPanel::applyMeasures);
}

void FieldPanel::applyMeasures() {
    m_state->setFixedSize(m_state->sizeHint());
}

void FieldPanel::setStudy(RecallStudyPtr study, int shown) {
    if (!study || (m_study && m_study->net->units() != study->net->units())) m_held.reset();
    m_study = std::move(study);
    m_shown = shown;
    showField();
}

void FieldPanel::hold(int pixel) {
    m_held = pixel;
    showField();
    emit pixelHeld(pixel);
}

bool FieldPanel::release() {
    if (!m_held) return false;
    m_held.reset();
    showField();
    return true;
}

void FieldPanel::showField() {
    if (!m_study) {
        m_pixel = -1;
        m_state->setPattern(nullptr);
        m_state->setRight(nullptr);
        m_caption->setText({});
        m_story->setText(tr("Add a pattern on the left."));
        return m_bars->setParts({}, 0);
    }
    const Pattern picture = m_study->pictureAfter(m_shown);
    const std::optional<Flip> next = m_study->recall.nextFlip(m_shown);
    m_pixel = m_held ? *m_held : next ? next->unit : std::max(m_pixel, 0);
    m_pixel = std::min(m_pixel, picture.pixels() - 1);
    m_state->setPattern(&picture);
    m_state->setRight(&m_study->chosen());
    m_state->setPixel(m_pixel);
    m_caption->setText(tr("update %1 \u00B7 \u00D7 wrong").arg(m_shown));
    m_story->setText(story());
    m_bars->setParts(partsOf(*m_study, picture.states, m_pixel), m_study->net->field(picture.states, m_pixel));
}

QString FieldPanel::story() const {
    if (!m_study || m_pixel < 0) return {};
    const States state = m_study->recall.stateAfter(m_shown);
    const std::optional<Flip> next = m_study->recall.nextFlip(m_shown);
    const bool on = state[static_cast<std::size_t>(m_pixel)] > 0;
    const bool wantsOn = m_study->net->wanted(state, m_pixel) > 0;
    const QString where = pixelName(m_pixel, m_study->value.columns());
    const QString lead = !m_held && next && next->unit == m_pixel ? tr("Next to flip, at update %1: %2.").arg(next->update).arg(where)
                         : !m_held && !next                       ? tr("No pixel flips any more; %1:").arg(where)
                                                                  : tr("Held: %1.").arg(where);
    const QString is = on ? tr("It is on") : tr("It is off");
    const QString wants = wantsOn == on ? tr("and its field keeps it so.")
                          : wantsOn     ? tr("and its field turns it on.")
                                        : tr("and its field turns it off.");
    return lead + QLatin1Char(' ') + is + QLatin1Char(' ') + wants;
}

std::vector<FigureOffer> FieldPanel::figures() const {
    if (!m_study || m_pixel < 0) return {};
    return {
        {.name = tr("Why a pixel flips"),
         .fileName = figureFile(memorySubject(m_study->value), tr("field of pixel %1").arg(m_pixel)),
         .make = [study = m_study, shown = m_shown, pixel = m_pixel, words = story()] { return fieldFigure(study, shown, pixel, words); },
         .still = true}};
}

}  // namespace lab
