#include "ui/page_table.h"

#include "ui/pages/compare/compare_page.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/positions/positions_page.h"
#include "ui/pages/sweeps/sweeps_page.h"
#include "ui/pages/train/train_page.h"

namespace lab {

std::vector<Page*> makePages(Focus& focus, QWidget* parent, Workspace* workspace) {
    std::vector<Page*> pages{
        new TrainPage(focus, parent),
        new MapsPage(focus, parent),
        new ExplainPage(focus, parent),
        new PositionsPage(focus, parent),
    };
    if (workspace) {
        pages.push_back(new ComparePage(focus, *workspace, parent));
        pages.push_back(new SweepsPage(focus, parent));
    }
    return pages;
}

}  // namespace lab
