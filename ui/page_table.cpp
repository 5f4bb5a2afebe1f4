#include "ui/page_table.h"

#include "ui/pages/explain/explain_page.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/positions/positions_page.h"
#include "ui/pages/train/train_page.h"

namespace lab {

std::vector<Page*> makePages(Focus& focus, QWidget* parent) {
    return {
        new TrainPage(focus, parent),
        new MapsPage(focus, parent),
        new ExplainPage(focus, parent),
        new PositionsPage(focus, parent),
    };
}

}  // namespace lab
