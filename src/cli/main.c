/* SPDX-License-Identifier: Apache-2.0
 *
 * The command.
 */
int main(void)
{
    return 2;
}
