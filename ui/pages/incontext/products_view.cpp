#include "ui/pages/incontext/products_view.h"

#include <QGridLayout>
#include <QSpinBox>
#include <algorithm>
#include <cmath>

#include "ui/text/message_text.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int leastMap = 90;  // logical px at 100 %

/// "x1", .., "y": the slots of a vector.
std::vector<QString> slotNames(int size) {
    std::vector<QString> names;
    for (int i = 0; i + 1 < size; ++i) names.push_back(size == 2 ? QStringLiteral("x") : QStringLiteral("x%1").arg(i + 1));
    names.push_back(QStringLiteral("y"));
    return names;
}

double largestOf(const std::vector<double>& values, const std::vector<double>& others) {
    double largest = 1e-12;
    for (const auto* each : {&values, &others})
        for (const double value : *each) largest = std::max(largest, std::abs(value));
    return largest;
}

void fillMap(Map& map, const std::vector<double>& values, int size, double most) {
    map.setData(mapOf({values.begin(), values.end()}, size, size), {ColorMap::Kind::balance, -most, most});
    map.setNames(slotNames(size), slotNames(size));
}

}  // namespace

ProductsView::ProductsView(QWidget* parent) : QWidget(parent) {
    m_head = named("incontext.regression.products.head", new QSpinBox);
    setAround(*m_head, tr("head %1"));
    m_head->setAccessibleName(tr("Head"));
    m_head->setToolTip(tr("Counted through all layers; heads of one layer follow one another"));
    m_head->hide();
    const QString names[] = {tr("K Q of the model"), tr("P V of the model"), tr("K Q of the construction"), tr("P V of the construction")};
    const QString help[] = {
        tr("W_K transposed times W_Q, in the coordinates of the points: how a key’s slot (row) meets a query’s (column)."),
        tr("W_O W_V, in the coordinates of the points: the slot that is added to (row) and the key’s slot it comes from (column).")};
    auto* grid = new QGridLayout;
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(0);
    for (int i = 0; i < 4; ++i) {
        auto* map = named(QStringLiteral("incontext.regression.products.%1").arg(i), new Map(MapForm::values(), names[i]));
        map->setSquare(true);
        map->setTip(names[i] + QStringLiteral(". ") + help[i % 2]);
        map->setQuantity(tr("value"), [](double value) { return signedFixed(value, 3); });
        i % 2 == 0 ? map->setAxes(tr("key"), tr("query")) : map->setAxes(tr("to"), tr("from"));
        m_maps[static_cast<std::size_t>(i)] = map;
        grid->addWidget(map, i / 2, i % 2);
    }
    m_sentence = new WrappedText(3, TextSize::caption, Role::muted);
    auto* lines = column(this);
    lines->addWidget(m_head);
    lines->addLayout(grid, 1);
    lines->addWidget(m_sentence);
    keepSpacing(lines, {6, 2, 4, 2}, 0);
    connect(m_head, &QSpinBox::valueChanged, this, &ProductsView::showHead);
    // Four of them in the room of one.
    followTheme(this, [this] {
        for (Map* map : m_maps) map->setMinimumSize(Theme::instance().px(leastMap), Theme::instance().px(leastMap));
    });
}

QString ProductsView::sentence() const {
    return m_sentence->text();
}

void ProductsView::setScene(const RegressionScene& scene) {
    m_scene = scene;
    const int heads = scene.study ? static_cast<int>(scene.study->products.size()) : 0;
    const QSignalBlocker quiet(m_head);
    m_head->setRange(0, std::max(0, heads - 1));
    m_head->setVisible(heads > 1);
    showHead();
}

void ProductsView::showHead() {
    const auto method = bestStep(m_scene);
    const bool has = m_scene.study && !m_scene.study->products.empty() && method;
    if (!has) {
        const QString why = m_scene.study && !m_scene.study->whyNoProducts.empty() ? shown(m_scene.study->whyNoProducts) : QString();
        for (Map* map : m_maps) {
            map->setData({});
            map->setEmptyText(map == m_maps[0] ? why : QString());
        }
        return m_sentence->setText(why);
    }
    const HeadProducts& head = m_scene.study->products[static_cast<std::size_t>(m_head->value())];
    const ComparedProducts compared = besideConstruction(head, m_scene.task.points, method->eta);
    const double meeting = largestOf(compared.model.meeting, compared.constructed.meeting);
    const double adding = largestOf(compared.model.adding, compared.constructed.adding);
    fillMap(*m_maps[0], compared.model.meeting, head.size, meeting);
    fillMap(*m_maps[1], compared.model.adding, head.size, adding);
    fillMap(*m_maps[2], compared.constructed.meeting, head.size, meeting);
    fillMap(*m_maps[3], compared.constructed.adding, head.size, adding);
    showSentence();
}

void ProductsView::showSentence() {
    const auto method = bestStep(m_scene);
    if (!m_scene.study->step) {
        return m_sentence->setText(
            tr("Above the model’s products, below the construction’s. The effective η can be read off one layer alone."));
    }
    const EffectiveStep& step = *m_scene.study->step;
    m_sentence->setText(tr("Effective η/N %1 ± %2 along the diagonal, the best step’s %3; largest off the diagonal %4.")
                            .arg(fixed(step.eta / m_scene.task.points, 3), fixed(step.diagonalSpread, 3),
                                 fixed(method->eta / m_scene.task.points, 3), fixed(step.largestOff, 3)));
}

}  // namespace lab
