#include "ui/pages/maps/picture_view.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <cmath>

#include "core/config/experiment.h"
#include "ui/pages/maps/overlay_grid.h"
#include "ui/scenes/overlay_figure.h"
#include "ui/scenes/overlay_picture.h"
#include "ui/scenes/parts_figure.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int pictureViewGap = 8;  // logical px at 100 %

}  // namespace

PictureView::PictureView(Focus& focus, QWidget* parent) : QWidget(parent), m_focus(focus) {
    m_panel = new PanelFrame(tr("Attention over the picture"), this);
    m_panel->setContent(makePicture());
    m_gridPanel = new PanelFrame(tr("All heads"), this);
    m_grid = named("maps.picture.heads", new OverlayGrid);
    m_gridPanel->setContent(m_grid);
    m_strength = named("maps.picture.strength", new SegmentedControl({tr("picture"), tr("both"), tr("weights")}, tr("What is seen")));
    m_strength->setHeight(20);
    m_strength->setCurrent(static_cast<int>(OverlayStrength::both));
    m_strength->setChoiceToolTip(0, tr("The picture as the model reads it"));
    m_strength->setChoiceToolTip(1, tr("The weights over the picture"));
    m_strength->setChoiceToolTip(2, tr("The weights in the colours of the scale"));
    m_class = named("maps.picture.class", new Button(tr("Class token")));
    m_class->setHeight(20);
    m_class->setToolTip(tr("What the class token looks at (C); a click on a patch shows what that looks at"));
    m_panel->addControl(m_class);
    m_panel->addControl(m_strength);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_panel, 1);
    row->addWidget(m_gridPanel, 1);
    keepSpacing(row, pictureViewGap);
    connect(m_strength, &SegmentedControl::chosen, this, [this](int choice) {
        m_picture->setStrength(static_cast<OverlayStrength>(choice));
        m_grid->setStrength(static_cast<OverlayStrength>(choice));
    });
    connect(m_class, &QAbstractButton::clicked, this, [this] { chooseQuery(-1); });
    connect(m_picture, &OverlayPicture::patchChosen, this, &PictureView::chooseQuery);
    connect(m_picture, &OverlayPicture::hovered, this, &PictureView::showWords);
    connect(m_grid, &OverlayGrid::chosen, this, &PictureView::choose);
}

QWidget* PictureView::makePicture() {
    auto* content = new QWidget;
    auto* parts = column(content);
    m_picture = named("maps.picture.large", new OverlayPicture);
    m_scale = new ColorScaleBar;
    m_scale->setQuantity(tr("weight"));
    m_reading = new ThemedLabel(QStringLiteral(" "), TextSize::text, Role::muted);
    m_reading->setAlignment(Qt::AlignHCenter);
    parts->addWidget(m_picture, 1);
    parts->addWidget(m_reading);
    parts->addWidget(m_scale);
    return content;
}

void PictureView::look(const MapsScene& scene, const std::shared_ptr<const Trace>& trace, std::int64_t step) {
    m_maps = scene;
    m_trace = trace;
    m_step = step;
    show();
}

/// A head that is chosen is the window's; a rollout has no head.
void PictureView::choose(int block, int head) {
    m_rollout = head < 0;
    Selection selection = m_focus.selection();
    selection.block = block;
    if (head >= 0) selection.head = head;
    m_focus.select(selection);
    show();
}

void PictureView::chooseQuery(int patch) {
    const Run* run = m_focus.run();
    const auto query = run ? positionOfPatch(run->experiment().model, patch) : std::nullopt;
    if (!query) return;
    Selection selection = m_focus.selection();
    selection.query = *query;
    m_focus.select(selection);
    show();
}

const AttentionOverlay* PictureView::inHand() const {
    const Selection& selection = m_focus.selection();
    const AttentionOverlay* rollout = m_rollout ? m_overlays.find(selection.block, -1) : nullptr;
    return rollout ? rollout : m_overlays.find(selection.block, selection.head);
}

void PictureView::show() {
    const Run* run = m_focus.run();
    if (!isFor(run)) return;
    m_overlays = overlayScene(*run, m_maps, m_trace, m_focus.selection().query);
    const AttentionOverlay* overlay = inHand();
    m_picture->set(m_overlays, overlay);
    m_grid->set(m_overlays);
    if (overlay) m_grid->setChosen(overlay->block, overlay->head);
    m_scale->setScaling(m_overlays.scaling);
    m_class->setEnabled(run->experiment().model.class_token);
    m_gridPanel->setSubtitle(m_overlays.find(0, -1) ? tr("rollout: all heads of the layers so far and the residual stream, half and half")
                                                    : QString());
    showWords();
}

/// The query, and what is under the mouse.
void PictureView::showWords() {
    const AttentionOverlay* overlay = inHand();
    if (!overlay) return;
    m_panel->setTitle(overlay->name);
    m_panel->setSubtitle(tr("query: %1 \u00B7 step %2").arg(queryName(m_overlays), grouped(m_step)));
    const int hovered = m_picture->hoveredPatch();
    const auto i = static_cast<std::size_t>(std::max(hovered, 0));
    const bool known = hovered >= 0 && i < overlay->values.size() && std::isfinite(overlay->values[i]);
    m_scale->setNeedle(known ? std::optional<double>(overlay->values[i]) : std::nullopt);
    const bool onClass = overlay->classValue && std::isfinite(*overlay->classValue);
    const QString rest = onClass ? tr("on the class token %1").arg(fixed(*overlay->classValue, 4)) : QStringLiteral(" ");
    m_reading->setText(hovered >= 0 ? m_picture->reading() : rest);
}

std::vector<FigureOffer> PictureView::figures(const FigureSubject& subject) const {
    if (m_overlays.empty()) return {};
    const auto offer = [&](const QString& name, std::vector<AttentionOverlay> shown, int columns) {
        const auto strength = static_cast<OverlayStrength>(m_strength->current());
        OverlayScene scene = m_overlays;
        scene.overlays = std::move(shown);
        return FigureOffer{name, figureFile(subject, name), [=] { return overlayFigure({scene}, columns, strength, subject); }};
    };
    const AttentionOverlay* overlay = inHand();
    std::vector<FigureOffer> offers;
    if (overlay) offers.push_back(offer(tr("Attention over the picture, %1").arg(overlay->name), {*overlay}, 1));
    offers.push_back(offer(tr("All heads over the picture"), m_overlays.overlays, m_overlays.heads + (m_overlays.find(0, -1) ? 1 : 0)));
    return offers;
}

}  // namespace lab
