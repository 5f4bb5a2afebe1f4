// What the maps of the runs give to the patches of one picture.

#include <algorithm>

#include "ui/pages/compare/compare_figures.h"
#include "ui/pages/compare/compare_maps.h"
#include "ui/scenes/overlay_picture.h"
#include "ui/scenes/run_style.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/table_column.h"

namespace lab {

void CompareMaps::makePictureControls() {
    m_view = named("compare.maps.view", new SegmentedControl({tr("maps"), tr("picture")}, tr("What is seen of the heads")));
    m_view->setHeight(20);
    m_view->setChoiceToolTip(0, tr("Queries as rows, keys as columns"));
    m_view->setChoiceToolTip(1, tr("What one query gives to each patch, over the picture"));
    m_class = named("compare.maps.class", new Button(tr("Class token")));
    m_class->setHeight(20);
    m_class->setToolTip(tr("What the class token looks at (C); a click on a patch shows what that looks at"));
    for (QWidget* control : {static_cast<QWidget*>(m_class), static_cast<QWidget*>(m_view)}) {
        control->hide();
        m_panel->addControl(control);
    }
    connect(m_view, &SegmentedControl::chosen, this, [this](int choice) { setPictured(choice == 1); });
    connect(m_class, &Button::clicked, this, [this] { choosePatch(-1); });
}

void CompareMaps::connectPicture(OverlayPicture& picture) {
    connect(&picture, &OverlayPicture::patchChosen, this, &CompareMaps::choosePatch);
    connect(&picture, &OverlayPicture::hovered, this, [this](int patch) {
        m_patch = patch;
        showCell();
    });
}

OverlayPicture& CompareMaps::picture(int index) const {
    return m_cards[static_cast<std::size_t>(index)]->picture();
}

bool CompareMaps::canBePictured() const {
    return looksAtPictures(m_focus.run()) && !m_runs.empty() && std::ranges::all_of(m_runs, looksAtPictures);
}

void CompareMaps::setPictured(bool pictured) {
    m_pictured = pictured;
    m_patch = -1;
    m_view->setCurrent(pictured ? 1 : 0);
    refresh();
}

/// The selection's, as the run in hand counts positions.
int CompareMaps::queryPatch() const {
    const Input& input = m_focus.input();
    const int last = static_cast<int>(input.tokens.size()) - 1;
    return last < 0
               ? -1
               : SequenceWords(*m_focus.run()).patchAt(input, static_cast<std::size_t>(std::clamp(m_focus.selection().query, 0, last)));
}

void CompareMaps::choosePatch(int patch) {
    const Run* run = m_focus.run();
    const auto query = run ? positionOfPatch(run->experiment().model, patch) : std::nullopt;
    if (!query) return;
    Selection selection = m_focus.selection();
    selection.query = *query;
    m_focus.select(selection);
}

void CompareMaps::lookAtPictures() {
    const bool possible = canBePictured();
    m_pictures = {};
    m_view->setVisible(possible);
    m_class->setVisible(possible && m_pictured);
    if (!possible || !m_pictured) return;
    m_class->setEnabled(m_focus.run()->experiment().model.class_token);
    std::vector<PicturedMap> maps;
    for (std::size_t i = 0; i < m_runs.size(); ++i) maps.push_back({m_runs[i], m_shown[i].trace, m_shown[i].map});
    m_pictures = comparedPictures(maps, m_runs.size() > 1 ? other() : 0, queryPatch());
}

QString CompareMaps::pictureProblem(const Run& run) const {
    return positionOfPatch(run.experiment().model, m_pictures.patch) ? tr("This run reads the picture in other patches")
                                                                     : tr("This run has no class token");
}

void CompareMaps::showScene(OverlayPicture& picture, const OverlayScene& scene) {
    picture.set(scene, scene.empty() ? nullptr : &scene.overlays.front());
}

/// The patch under the mouse in every picture at once, else what the class token gets.
void CompareMaps::showPatch() {
    const auto tell = [this](MapCard& card, const OverlayScene& scene) {
        const auto value = weightOver(scene, m_patch);
        card.picture().setFramed(m_patch);
        card.setValue(!value || m_patch < 0 ? QString() : scene.change ? signedFixed(*value, 4) : fixed(*value, 4));
    };
    for (std::size_t i = 0; i < m_runs.size(); ++i) tell(*m_cards[i], m_pictures.runs[i]);
    tell(*m_difference, m_pictures.change);
    m_scale->setNeedle(m_patch < 0 ? std::nullopt : weightOver(m_pictures.runs.front(), m_patch));
    m_differenceScale->setNeedle(m_patch < 0 ? std::nullopt : weightOver(m_pictures.change, m_patch));
    refreshTable();
}

CompareMaps::Lines CompareMaps::patchLines() const {
    Lines lines;
    const auto seen = std::ranges::find_if(m_pictures.runs, [](const OverlayScene& scene) { return !scene.empty(); });
    const bool known = seen != m_pictures.runs.end();
    lines.push_back({std::nullopt, known ? tr("Query: %1").arg(queryName(*seen)) : tr("Query"), {}, true});
    const bool ofClass = known && m_patch < 0 && seen->overlays.front().classValue;
    lines.push_back({std::nullopt,
                     ofClass                 ? tr("to the class token")
                     : known && m_patch >= 0 ? tr("to %1").arg(patchName(seen->frame, m_patch))
                                             : tr("point at a patch"),
                     {},
                     true});
    const auto add = [&](std::optional<Role> role, const QString& name, const OverlayScene& scene) {
        const auto value = weightOver(scene, m_patch);
        lines.push_back({role, name, !value ? noNumber().text : scene.change ? signedFixed(*value, 4) : fixed(*value, 4)});
    };
    for (std::size_t i = 0; i < m_runs.size(); ++i) add(seriesRole(m_runs[i]->series()), m_runs[i]->name(), m_pictures.runs[i]);
    if (!m_pictures.change.empty()) add(std::nullopt, tr("difference"), m_pictures.change);
    return lines;
}

std::unique_ptr<Figure> CompareMaps::picturesFigure() const {
    std::vector<ComparedMap> maps;
    std::vector<OverlayScene> scenes;
    for (std::size_t i = 0; i < m_pictures.runs.size(); ++i) {
        if (m_pictures.runs[i].empty()) continue;
        maps.push_back(compared(i));
        scenes.push_back(m_pictures.runs[i]);
    }
    return comparePicturesFigure(maps, std::move(scenes), m_focus.input());
}

std::unique_ptr<Figure> CompareMaps::changeFigure() const {
    if (m_pictures.change.empty()) return nullptr;
    return comparePicturesFigure({compared(0), compared(other())}, {m_pictures.change}, m_focus.input());
}

std::vector<FigureOffer> CompareMaps::pictureFigures(const QString& fileName) const {
    std::vector<FigureOffer> offers;
    offers.push_back({tr("Attention over the picture"), fileName + tr("picture"), [this] { return picturesFigure(); }});
    if (!m_pictures.change.empty())
        offers.push_back({tr("Difference over the picture"), fileName + tr("difference"), [this] { return changeFigure(); }});
    return offers;
}

}  // namespace lab
