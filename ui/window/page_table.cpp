#include "ui/window/page_table.h"

#include <QScrollArea>

#include "ui/pages/codes/codes_page.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/incontext/incontext_page.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/memory/memory_page.h"
#include "ui/pages/positions/positions_page.h"
#include "ui/pages/sweeps/sweeps_page.h"
#include "ui/pages/text/text_page.h"
#include "ui/pages/train/train_page.h"

namespace lab {

namespace {

enum class Shows { oneRun, severalRuns };

struct PageRow {
    MakePage* make;
    Shows shows = Shows::oneRun;
};

template <class SomePage>
Page* make(Focus& focus, QWidget* parent, Workspace* workspace) {
    if constexpr (std::is_constructible_v<SomePage, Focus&, Workspace&, QWidget*>)
        return new SomePage(focus, *workspace, parent);
    else
        return new SomePage(focus, parent);
}

/// In the rail's order; a session keeps pages by their number.
constexpr PageRow rows[] = {
    {make<TrainPage>},
    {make<MapsPage>},
    {make<ExplainPage>},
    {make<PositionsPage>},
    {make<TextPage>},
    {make<ComparePage>, Shows::severalRuns},
    {make<SweepsPage>, Shows::severalRuns},
    {make<MemoryPage>},
    {make<IncontextPage>, Shows::severalRuns},
    {make<CodesPage>, Shows::severalRuns},
};

}  // namespace

std::vector<Page*> makePages(Focus& focus, QWidget* parent, Workspace* workspace) {
    std::vector<Page*> pages;
    for (const PageRow& row : rows) pages.push_back(row.shows == Shows::oneRun || workspace ? row.make(focus, parent, workspace) : nullptr);
    return pages;
}

QScrollArea* scrolled(QWidget* page) {
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(page);
    page->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    return area;
}

}  // namespace lab
