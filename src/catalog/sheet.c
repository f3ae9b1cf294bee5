/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables: cells by row and column, rows by their first cell.
 */
#include "catalog/image.h"

#include "base/str.h"

static const vd_csheet *sheet_of(vd_sheet s)
{
    return (const vd_csheet *)vd_cat_at(s.catalog, VD_CAT_SHEETS) + s.index;
}

vd_sheet vd_catalog_sheet(const vd_catalog *c, vd_str name)
{
    const vd_csheet *at = vd_cat_at(c, VD_CAT_SHEETS);

    for (uint32_t i = 0; i < vd_cat_count(c, VD_CAT_SHEETS); i++)
        if (vd_str_eq(vd_cat_text(c, at[i].name), name))
            return (vd_sheet){ c, i, at[i].rows, at[i].columns };
    return (vd_sheet){ .catalog = c };
}

/* Row 0 of the block holds the names of the columns. */
static vd_str cell(vd_sheet s, uint32_t row, uint32_t column)
{
    const vd_ctext *cells = vd_cat_at(s.catalog, VD_CAT_CELLS);

    return vd_cat_text(s.catalog, cells[sheet_of(s)->first_cell + row * s.columns + column]);
}

vd_str vd_sheet_cell(vd_sheet s, uint32_t row, uint32_t column)
{
    return row < s.rows && column < s.columns ? cell(s, row + 1, column) : (vd_str){ "", 0 };
}

uint32_t vd_catalog_sheets(const vd_catalog *c)
{
    return vd_cat_count(c, VD_CAT_SHEETS);
}

vd_str vd_catalog_sheet_name(const vd_catalog *c, uint32_t index)
{
    return vd_cat_text(c, ((const vd_csheet *)vd_cat_at(c, VD_CAT_SHEETS) + index)->name);
}

vd_str vd_sheet_title(vd_sheet s, uint32_t column)
{
    return column < s.columns ? cell(s, 0, column) : (vd_str){ "", 0 };
}

uint32_t vd_sheet_column(vd_sheet s, vd_str name)
{
    for (uint32_t i = 0; i < s.columns; i++)
        if (vd_str_eq(cell(s, 0, i), name))
            return i;
    return VD_NONE;
}

static uint32_t bound(vd_sheet s, vd_str first, bool past)
{
    uint32_t low = 0, high = s.rows;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int      way = vd_str_icmp(vd_sheet_cell(s, middle, 0), first);

        if (way < 0 || (past && way == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

vd_run vd_sheet_find(vd_sheet s, vd_str first)
{
    uint32_t low = bound(s, first, false);
    bool     none = low == s.rows || !vd_str_ieq(vd_sheet_cell(s, low, 0), first);

    return (vd_run){ low, none ? 0 : bound(s, first, true) - low };
}
